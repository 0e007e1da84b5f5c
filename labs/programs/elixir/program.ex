defmodule Program do
  @moduledoc "What is the same in every program, and says nothing of connections."

  @doc "The port that an argument names."
  def port(argument) do
    case Integer.parse(argument) do
      {port, ""} when port in 0..65_535 -> {:ok, port}
      _ -> :error
    end
  end

  @doc "The host that an argument names: :gen_tcp knows IPv6 by an address that is a tuple."
  def host(argument) do
    name = String.to_charlist(argument)

    case :inet.parse_address(name) do
      {:ok, address} -> address
      {:error, :einval} -> name
    end
  end

  @doc "Says on standard error why the program ends, and ends it."
  def fail(sentence, status \\ 1) do
    IO.puts(:stderr, sentence)
    System.halt(status)
  end
end
