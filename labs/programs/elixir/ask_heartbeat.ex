defmodule AskHeartbeat do
  @moduledoc """
  A client that asks for signs of life while it waits, and asks once more.

  Usage: elixir -pa . -e 'AskHeartbeat.main()' HOST PORT
  """

  # In milliseconds.
  @interval 250
  @patience 1000

  def main do
    with [host, port] <- System.argv(),
         {:ok, port} <- Program.port(port) do
      ask_at_most(2, host, port)
    else
      _ -> Program.fail("Usage: elixir -pa . -e 'AskHeartbeat.main()' HOST PORT", 2)
    end
  end

  defp ask_at_most(times, host, port) do
    case ask(host, port) do
      {:ok, reply} when reply != :eof ->
        IO.puts("The server said: " <> String.trim_trailing(reply, "\n"))

      failed when times == 1 ->
        Program.fail(failure(failed, host, port))

      failed ->
        IO.puts(:stderr, "Trying again: #{failure(failed, host, port)}")
        ask_at_most(times - 1, host, port)
    end
  end

  defp ask(host, port) do
    with {:ok, server} <- Steps.run(:connect, fn -> connect(host, port) end) do
      IO.puts("Connected to #{host}:#{port}.")
      result = ask_over(server)
      # What failed is closed, too; to close twice does no harm.
      :gen_tcp.close(server)
      result
    end
  end

  defp ask_over(server) do
    with :ok <- Steps.run(:send, fn -> :gen_tcp.send(server, "Hello Server!\n") end),
         {:ok, reply} <- Steps.run(:read, fn -> read(server) end, &words/1),
         :ok <- Steps.run(:close, fn -> :gen_tcp.close(server) end),
         do: {:ok, reply}
  end

  defp connect(host, port) do
    # Passive: nothing is read before it is asked for.
    :gen_tcp.connect(Program.host(host), port, [:binary, packet: :line, active: false])
  end

  defp read(server) do
    # The end of file, and without the option show_econnreset a reset as well.
    with {:error, :closed} <- wait_for_reply(server, now(), @interval), do: {:ok, :eof}
  end

  # Since `heard` nothing has come; so many milliseconds after that the next heartbeat is due.
  defp wait_for_reply(server, heard, due) do
    case :gen_tcp.recv(server, 0, max(0, heard + min(due, @patience) - now())) do
      {:ok, "Heartbeat\n"} -> wait_for_reply(server, now(), @interval)
      {:error, :timeout} -> send_heartbeat(server, heard, due)
      result -> result
    end
  end

  defp send_heartbeat(server, heard, due) do
    if now() - heard < @patience do
      with :ok <- :gen_tcp.send(server, "Heartbeat\n"),
           do: wait_for_reply(server, heard, due + @interval)
    else
      {:error, :timeout}
    end
  end

  defp now, do: System.monotonic_time(:millisecond)

  # What :gen_tcp says when the patience of the program ends; that of the system is :etimedout.
  defp words({:error, :timeout}), do: "no sign of life from the server"
  defp words(error), do: inspect(error)

  defp failure(failed, host, port) do
    case failed do
      {:ok, :eof} ->
        "The server closed the connection without a reply."

      {:error, :econnrefused} ->
        "Connection refused: nothing listens on #{host}:#{port}."

      {:error, :econnreset} ->
        "Connection reset: the server or something on the way aborted the connection."

      {:error, :timeout} ->
        "No sign of life from the server."

      error ->
        "Connection failed: #{inspect(error)}"
    end
  end
end
