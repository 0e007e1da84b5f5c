defmodule AskValidated do
  @moduledoc """
  A client that looks at the connection that it kept before it asks again over it.

  Usage: elixir -pa . -e 'AskValidated.main()' HOST PORT [MAX_IDLE_MS]
  """

  def main do
    with [host, port | max_idle_ms] <- System.argv(),
         {:ok, port} <- Program.port(port),
         {:ok, max_idle} <- milliseconds(max_idle_ms) do
      tell(ask_twice(host, port, max_idle), host, port)
    else
      _ ->
        Program.fail("Usage: elixir -pa . -e 'AskValidated.main()' HOST PORT [MAX_IDLE_MS]", 2)
    end
  end

  # An atom is greater than any number.
  defp milliseconds([]), do: {:ok, :infinity}

  defp milliseconds([argument]) do
    with {number, ""} <- Integer.parse(argument), do: {:ok, number}
  end

  defp milliseconds(_), do: :error

  defp ask_twice(host, port, max_idle) do
    with {:ok, server} <- connect(host, port),
         {:ok, reply} when reply != :eof <- ask(server) do
      used = System.monotonic_time(:millisecond)
      Steps.run(:pause, fn -> IO.gets("") end)
      idle = System.monotonic_time(:millisecond) - used

      if idle <= max_idle and Steps.run(:validate, fn -> look(server) end) == :silent do
        ask(server, :last)
      else
        Steps.run(:close, fn -> :gen_tcp.close(server) end)
        with {:ok, server} <- connect(host, port), do: ask(server, :last)
      end
    end
  end

  defp connect(host, port) do
    # Passive: nothing is read before it is asked for.
    options = [:binary, packet: :line, active: false]

    with {:ok, server} <-
           Steps.run(:connect, fn -> :gen_tcp.connect(Program.host(host), port, options) end) do
      IO.puts("Connected to #{host}:#{port}.")
      {:ok, server}
    end
  end

  # Who has got no reply asks no more over this connection, either.
  defp ask(server, which \\ :first) do
    with :ok <- Steps.run(:send, fn -> :gen_tcp.send(server, "Hello Server!\n") end),
         {:ok, reply} <- Steps.run(:read, fn -> read(server) end) do
      if reply != :eof, do: IO.puts("The server said: " <> String.trim_trailing(reply, "\n"))

      if reply == :eof or which == :last,
        do: Steps.run(:close, fn -> :gen_tcp.close(server) end)

      {:ok, reply}
    end
  end

  defp read(server) do
    # The end of file, and without the option show_econnreset a reset as well.
    with {:error, :closed} <- :gen_tcp.recv(server, 0), do: {:ok, :eof}
  end

  # Whether nothing has come unasked: no data, and not the end of file.
  defp look(server) do
    # Half a line would be kept back.
    :ok = :inet.setopts(server, packet: :raw)

    case :gen_tcp.recv(server, 0, 0) do
      {:error, :timeout} -> :inet.setopts(server, packet: :line) && :silent
      {:error, reason} when reason != :closed -> {:error, reason}
      _ -> {:ok, :eof}
    end
  end

  defp tell(result, host, port) do
    case result do
      {:ok, :eof} ->
        Program.fail("The server closed the connection without a reply.")

      {:ok, _reply} ->
        :ok

      {:error, :econnrefused} ->
        Program.fail("Connection refused: nothing listens on #{host}:#{port}.")

      {:error, :econnreset} ->
        Program.fail(
          "Connection reset: the server or something on the way aborted the connection."
        )

      error ->
        Program.fail("Connection failed: #{inspect(error)}")
    end
  end
end
