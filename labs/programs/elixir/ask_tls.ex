defmodule AskTls do
  @moduledoc """
  A client that sends one line and reads one line over TLS.

  Usage: elixir -pa . -e 'AskTls.main()' HOST PORT
  """

  # Good enough for an example: the client speaks to whoever answers. What fails is returned, so
  # it need not be logged as well.
  @options [:binary, packet: :line, active: false, verify: :verify_none, log_level: :none]

  def main do
    with [host, port] <- System.argv(),
         {:ok, port} <- Program.port(port) do
      {:ok, _} = Application.ensure_all_started(:ssl)
      tell(ask(host, port), host, port)
    else
      _ -> Program.fail("Usage: elixir -pa . -e 'AskTls.main()' HOST PORT", 2)
    end
  end

  defp ask(host, port) do
    with {:ok, plain} <- Steps.run(:connect, fn -> connect(host, port) end),
         IO.puts("Connected to #{host}:#{port}."),
         {:handshake, {:ok, server}} <-
           {:handshake, Steps.run(:handshake, fn -> :ssl.connect(plain, @options) end)},
         :ok <- Steps.run(:send, fn -> :ssl.send(server, "Hello Server!\n") end),
         {:ok, reply} <- Steps.run(:read, fn -> read(server) end),
         :ok <- Steps.run(:close, fn -> :ssl.close(server) end),
         do: {:ok, reply}
  end

  defp connect(host, port) do
    # Passive: TLS must be the first to read.
    :gen_tcp.connect(Program.host(host), port, [:binary, active: false])
  end

  defp read(server) do
    # The end of file, or a reset: TLS does not tell them apart.
    with {:error, :closed} <- :ssl.recv(server, 0), do: {:ok, :eof}
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

      {:handshake, error} ->
        Program.fail("TLS handshake failed: #{inspect(error)}")

      error ->
        Program.fail("Connection failed: #{inspect(error)}")
    end
  end
end
