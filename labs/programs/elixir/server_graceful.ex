defmodule ServerGraceful do
  @moduledoc """
  A server that finishes what it has begun when it is told to end with SIGTERM.

  Usage: elixir -pa . -e 'ServerGraceful.main()' PORT
  """

  def main do
    with [port] <- System.argv(),
         {:ok, port} <- Program.port(port) do
      trap_sigterm()

      with {:ok, listener} <- Steps.run(:listen, fn -> Listening.on(port) end),
           {:error, reason} <- serve(listener),
           do: Program.fail("Connection failed: #{inspect({:error, reason})}")
    else
      _ -> Program.fail("Usage: elixir -pa . -e 'ServerGraceful.main()' PORT", 2)
    end
  end

  # SIGTERM becomes a message, which stays until the program waits: none is missed.
  defp trap_sigterm do
    server = self()

    {:ok, _} =
      System.trap_signal(:sigterm, fn ->
        send(server, :sigterm)
        :ok
      end)

    # Erlang's own handler would still end the program.
    :gen_event.delete_handler(:erl_signal_server, :erl_signal_handler, [])
  end

  defp serve(listener) do
    case Steps.run(:accept, fn -> accept(listener) end) do
      {:ok, client} -> answer(listener, client)
      {:error, :eintr} -> stop(listener)
      error -> error
    end
  end

  # Answers each line until the end of file, or until SIGTERM.
  defp answer(listener, client) do
    enter = Task.async(fn -> IO.gets("") end)

    with {:work, line} when line != {:error, :eintr} <-
           {:work, Steps.run(:work, fn -> await(enter) end)},
         {:read, {:ok, line}} when line != :eof <-
           {:read, Steps.run(:read, fn -> read(client) end)},
         :ok <- reply(client) do
      answer(listener, client)
    else
      {:work, _interrupted} ->
        finish(listener, client, fn ->
          Steps.run(:work, fn -> Task.await(enter, :infinity) end)
        end)

      {:read, {:error, :eintr}} ->
        finish(listener, client, fn -> :done end)

      _end_of_file_or_error ->
        close(client)
        serve(listener)
    end
  end

  defp finish(listener, client, work) do
    stop(listener)

    with :ok <- answer_last(client, what_has_come(client), work),
         :ok <- Steps.run(:shutdown, fn -> :gen_tcp.shutdown(client, :write) end),
         do: Steps.run(:drain, fn -> drain(client) end)

    close(client)
  end

  defp answer_last(_client, "", _work), do: :ok

  defp answer_last(client, received, work) do
    work.()

    case Steps.run(:read, fn -> read_rest(client, received) end) do
      {:ok, :eof} -> :ok
      {:ok, _line} -> reply(client)
      error -> error
    end
  end

  defp reply(client), do: Steps.run(:send, fn -> :gen_tcp.send(client, "Hello Client!\n") end)
  defp close(client), do: Steps.run(:close, fn -> :gen_tcp.close(client) end)
  defp stop(listener), do: Steps.run(:stop, fn -> :gen_tcp.close(listener) end)

  # A process of its own waits for the connection: this one waits for SIGTERM, too.
  defp accept(listener) do
    server = self()

    accepting = fn ->
      with {:ok, client} <- :gen_tcp.accept(listener),
           :ok <- :gen_tcp.controlling_process(client, server),
           do: {:ok, client}
    end

    await(Task.async(accepting))
  end

  defp await(%Task{ref: ref}) do
    receive do
      {^ref, result} ->
        Process.demonitor(ref, [:flush])
        result

      :sigterm ->
        # What the system says when a signal interrupts a call.
        {:error, :eintr}
    end
  end

  # Active once: what comes is a message, too, but only the next line.
  defp read(client) do
    with :ok <- :inet.setopts(client, active: :once) do
      receive do
        {:tcp, ^client, line} -> {:ok, line}
        {:tcp_error, ^client, reason} -> {:error, reason}
        {:tcp_closed, ^client} -> {:ok, :eof}
        :sigterm -> {:error, :eintr}
      end
    end
  end

  # A request, or its beginning.
  defp what_has_come(client) do
    # Raw, or half a line would be kept back.
    :inet.setopts(client, active: false, packet: :raw)

    receive do
      {:tcp, ^client, line} -> line
    after
      0 ->
        with {:ok, received} <- :gen_tcp.recv(client, 0, 0), do: received, else: (_ -> "")
    end
  end

  defp read_rest(client, received) do
    if String.ends_with?(received, "\n") do
      {:ok, received}
    else
      case :gen_tcp.recv(client, 0) do
        {:ok, more} -> read_rest(client, received <> more)
        {:error, :closed} -> {:ok, :eof}
        error -> error
      end
    end
  end

  defp drain(client) do
    case :gen_tcp.recv(client, 0) do
      {:ok, _thrown_away} -> drain(client)
      {:error, :closed} -> :ok
      error -> error
    end
  end
end
