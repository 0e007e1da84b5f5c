defmodule AskRetry do
  @moduledoc """
  A client that asks again when it gets no reply, but never pays twice.

  Usage: elixir -pa . -e 'AskRetry.main()' HOST PORT [MESSAGE]
  """

  # Milliseconds after each try; there is nothing to wait for after the last one.
  @longest_waits [100, 200, 400, nil]
  @worth_a_retry [:econnrefused, :econnreset, :closed, :etimedout, :ehostunreach]

  def main do
    with [host, port | message] when length(message) < 2 <- System.argv(),
         {:ok, port} <- Program.port(port) do
      try_each(@longest_waits, host, port, List.first(message, "Hello Server!"))
    else
      _ -> Program.fail("Usage: elixir -pa . -e 'AskRetry.main()' HOST PORT [MESSAGE]", 2)
    end
  end

  defp try_each([longest_wait | later], host, port, message) do
    case ask(host, port, message) do
      {:ok, reply} when reply != :eof ->
        IO.puts("The server said: " <> String.trim_trailing(reply, "\n"))

      {:error, reason} = error when reason not in @worth_a_retry ->
        Program.fail(failure(error, host, port))

      failed ->
        failure = failure(failed, host, port)

        if String.starts_with?(message, "Pay"),
          do: Program.fail("#{failure}\nNot repeated: the server may have done it already.")

        if longest_wait == nil, do: Program.fail(failure)
        IO.puts(:stderr, "Trying again: #{failure}")
        # A random time, or all clients of a failed server would come back at once.
        wait = :rand.uniform(longest_wait)
        Steps.run(:backoff, fn -> Process.sleep(wait) end)
        try_each(later, host, port, message)
    end
  end

  defp ask(host, port, message) do
    with {:ok, server} <- Steps.run(:connect, fn -> connect(host, port) end) do
      IO.puts("Connected to #{host}:#{port}.")
      result = ask_over(server, message)
      # What failed is closed, too; to close twice does no harm.
      :gen_tcp.close(server)
      result
    end
  end

  defp ask_over(server, message) do
    with :ok <- Steps.run(:send, fn -> :gen_tcp.send(server, message <> "\n") end),
         {:ok, reply} <- Steps.run(:read, fn -> read(server) end),
         :ok <- Steps.run(:close, fn -> :gen_tcp.close(server) end),
         do: {:ok, reply}
  end

  defp connect(host, port) do
    options = [:binary, packet: :line, active: false]

    with {:ok, server} <- :gen_tcp.connect(Program.host(host), port, options),
         # While nothing is said, the system asks whether the server is still there.
         :ok <- :inet.setopts(server, keepalive: true),
         do: {:ok, server}
  end

  defp read(server) do
    # The end of file, and without the option show_econnreset a reset as well.
    with {:error, :closed} <- :gen_tcp.recv(server, 0), do: {:ok, :eof}
  end

  defp failure(failed, host, port) do
    case failed do
      {:ok, :eof} ->
        "The server closed the connection without a reply."

      {:error, :econnrefused} ->
        "Connection refused: nothing listens on #{host}:#{port}."

      {:error, :econnreset} ->
        "Connection reset: the server or something on the way aborted the connection."

      error ->
        "Connection failed: #{inspect(error)}"
    end
  end
end
