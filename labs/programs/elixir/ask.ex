defmodule Ask do
  @moduledoc """
  A client that sends one line and reads one line.

  Usage: elixir -pa . -e 'Ask.main()' HOST PORT
  """

  def main do
    with [host, port] <- System.argv(),
         {:ok, port} <- Program.port(port) do
      tell(ask(host, port), host, port)
    else
      _ -> Program.fail("Usage: elixir -pa . -e 'Ask.main()' HOST PORT", 2)
    end
  end

  defp ask(host, port) do
    with {:ok, server} <- Steps.run(:connect, fn -> connect(host, port) end),
         IO.puts("Connected to #{host}:#{port}."),
         :ok <- Steps.run(:send, fn -> :gen_tcp.send(server, "Hello Server!\n") end),
         {:ok, reply} <- Steps.run(:read, fn -> read(server) end),
         :ok <- Steps.run(:close, fn -> :gen_tcp.close(server) end),
         do: {:ok, reply}
  end

  defp connect(host, port) do
    # Passive: nothing is read before it is asked for.
    :gen_tcp.connect(Program.host(host), port, [:binary, packet: :line, active: false])
  end

  defp read(server) do
    # The end of file, and without the option show_econnreset a reset as well.
    with {:error, :closed} <- :gen_tcp.recv(server, 0), do: {:ok, :eof}
  end

  defp tell(result, host, port) do
    case result do
      {:ok, :eof} ->
        Program.fail("The server closed the connection without a reply.")

      {:ok, reply} ->
        IO.puts("The server said: " <> String.trim_trailing(reply, "\n"))

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
