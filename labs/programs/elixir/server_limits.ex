defmodule ServerLimits do
  @moduledoc """
  A server that knows its limits, and says so where another one would fail.

  Usage: elixir -pa . -e 'ServerLimits.main()' PORT reserve|shed
  """

  @budget 64 * 1024 * 1024

  def main do
    with [port, behaviour] when behaviour in ["reserve", "shed"] <- System.argv(),
         {:ok, port} <- Program.port(port) do
      with {:error, reason} <- run(port, behaviour),
           do: Program.fail("Connection failed: #{inspect({:error, reason})}")
    else
      _ -> Program.fail("Usage: elixir -pa . -e 'ServerLimits.main()' PORT reserve|shed", 2)
    end
  end

  defp run(port, behaviour) do
    with {:ok, listener} <- Steps.run(:listen, fn -> Listening.on(port) end),
         do: serve(behaviour, listener)
  end

  defp serve("reserve", listener) do
    # Given back when nothing else is left, so that a client can still be told.
    spare = File.open!("/dev/null")
    Steps.run(:leak, fn -> Exhaust.descriptors() end)
    :ok = File.close(spare)

    with {:ok, client} <- accept(listener),
         {:ok, _request} <- read(client),
         do: refuse(client)
  end

  defp serve("shed", listener) do
    with {:ok, client} <- accept(listener),
         {:ok, _request} <- read(client) do
      Steps.run(:pause, fn -> IO.gets("") end)
      # The work would need more: it is given up, not the server.
      Steps.run(:grow, fn -> Exhaust.memory(@budget) end)
      refuse(client)
    end
  end

  defp accept(listener), do: Steps.run(:accept, fn -> :gen_tcp.accept(listener) end)

  defp read(client) do
    Steps.run(:read, fn ->
      # The end of file, and without the option show_econnreset a reset as well.
      with {:error, :closed} <- :gen_tcp.recv(client, 0), do: {:ok, :eof}
    end)
  end

  defp refuse(client) do
    with :ok <- Steps.run(:send, fn -> :gen_tcp.send(client, "Busy, try again later.\n") end),
         do: Steps.run(:close, fn -> :gen_tcp.close(client) end)
  end
end
