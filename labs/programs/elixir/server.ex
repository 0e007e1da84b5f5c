defmodule Server do
  @moduledoc """
  A server that accepts one connection and then behaves as it is told.

  Usage: elixir -pa . -e 'Server.main()' PORT BEHAVIOUR
  """

  @behaviours ~w(reply close abort never-read never-reply late-reply early-reply slow-reply) ++
                ~w(serve leak accept-leak grow read-grow tls)

  def main do
    with [port, behaviour] <- System.argv(),
         {:ok, port} <- Program.port(port) do
      if behaviour not in @behaviours, do: Program.fail("Unknown behaviour: #{behaviour}", 127)

      with {:error, reason} <- run(port, behaviour),
           do: Program.fail("Connection failed: #{inspect({:error, reason})}")
    else
      _ ->
        behaviours = Enum.join(@behaviours, "|")
        Program.fail("Usage: elixir -pa . -e 'Server.main()' PORT #{behaviours}", 2)
    end
  end

  defp run(port, behaviour) do
    with {:ok, listener} <- Steps.run(:listen, fn -> Listening.on(port) end),
         do: behave(behaviour, listener)
  end

  defp behave("serve", listener), do: serve(listener)

  defp behave("leak", listener) do
    leak(listener)

    with {:error, _} <- Steps.run(:accept, fn -> :gen_tcp.accept(listener) end),
         do: wait(listener)

    halt(listener)
  end

  defp behave(behaviour, listener) do
    with {:ok, client} <- Steps.run(:accept, fn -> :gen_tcp.accept(listener) end),
         do: act(acts(behaviour), client)
  end

  # What is done with the connection, in order.
  defp acts("reply"), do: [&read/1, &reply/1, &close/1]
  defp acts("close"), do: [&read/1, &close/1]
  defp acts("abort"), do: [&read/1, &abort/1]
  defp acts("never-read"), do: [&wait/1, &close/1]
  defp acts("never-reply"), do: [&read/1, &wait/1, &close/1]
  defp acts("late-reply"), do: [&read/1, &wait/1, &reply/1, &close/1]
  defp acts("early-reply"), do: [&reply/1, &wait/1, &close/1]
  defp acts("slow-reply"), do: [&answer_heartbeats/1, &close/1]
  defp acts("accept-leak"), do: [&read/1, &leak/1, &wait/1, &halt/1]
  defp acts("grow"), do: [&pause/1, &grow/1]
  defp acts("read-grow"), do: [&read/1, &pause/1, &grow/1]
  defp acts("tls"), do: [&fail_handshake/1, &close/1]

  defp act(acts, client) do
    Enum.reduce_while(acts, :ok, fn act, :ok ->
      case act.(client) do
        {:error, reason} -> {:halt, {:error, reason}}
        _ -> {:cont, :ok}
      end
    end)
  end

  defp read(client), do: Steps.run(:read, fn -> read_line(client) end)
  defp reply(client), do: Steps.run(:send, fn -> :gen_tcp.send(client, "Hello Client!\n") end)
  defp close(client), do: Steps.run(:close, fn -> :gen_tcp.close(client) end)
  defp wait(_), do: Steps.run(:wait, fn -> IO.read(:eof) end)
  defp pause(_), do: Steps.run(:pause, fn -> IO.gets("") end)
  defp leak(_), do: Steps.run(:leak, fn -> Exhaust.descriptors() end)
  defp grow(_), do: Steps.run(:grow, fn -> Exhaust.memory() end)
  # Without closing anything: the system does that.
  defp halt(_), do: System.halt(0)

  defp abort(client) do
    Steps.run(:abort, fn ->
      # Lingering for 0 seconds makes close() throw the connection away: a reset.
      :ok = :inet.setopts(client, linger: {true, 0})
      :gen_tcp.close(client)
    end)
  end

  defp read_line(client) do
    # The end of file, and without the option show_econnreset a reset as well.
    with {:error, :closed} <- :gen_tcp.recv(client, 0), do: {:ok, :eof}
  end

  defp answer_heartbeats(client) do
    with {:ok, _request} <- read(client),
         {:ok, 8} <- Steps.run(:read, fn -> answer_heartbeats(client, 0) end),
         :ok <- reply(client),
         do: Steps.run(:read, fn -> read_to_the_end(client) end)
  end

  defp answer_heartbeats(_client, 8), do: {:ok, 8}

  defp answer_heartbeats(client, beats) do
    case read_line(client) do
      {:ok, "Heartbeat\n" = line} ->
        with :ok <- :gen_tcp.send(client, line), do: answer_heartbeats(client, beats + 1)

      {:ok, line} when line != :eof ->
        answer_heartbeats(client, beats)

      end_or_error ->
        end_or_error
    end
  end

  defp read_to_the_end(client) do
    with {:ok, line} when line != :eof <- read_line(client), do: read_to_the_end(client)
  end

  defp fail_handshake(client) do
    {:ok, _} = Application.ensure_all_started(:ssl)
    # TLS reads bytes, not lines.
    :ok = :inet.setopts(client, packet: :raw)

    # Without a certificate only ciphers are left that need none; no ordinary client has them.
    ciphers = :ssl.cipher_suites(:anonymous, :"tlsv1.2")
    options = [versions: [:"tlsv1.2"], ciphers: ciphers, log_level: :none]
    # The connection is closed, whatever the handshake has come to.
    with {:error, _} <- Steps.run(:handshake, fn -> :ssl.handshake(client, options) end), do: :ok
  end

  defp serve(listener) do
    with {:ok, client} <- Steps.run(:accept, fn -> :gen_tcp.accept(listener) end) do
      serve_lines(client)
      close(client)
      serve(listener)
    end
  end

  # Until the end of file, or an error: the next client is served all the same.
  defp serve_lines(client) do
    with {:ok, line} when line != :eof <- read(client),
         :ok <- reply(client),
         do: serve_lines(client)
  end
end
