defmodule Steps do
  @moduledoc """
  Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.

  `run(step, operation)` runs the operation and returns what it returned. The lines are described
  in docs/programs.md.
  """

  @escapes %{"\\" => "\\\\", "\t" => "\\t", "\n" => "\\n", "\r" => "\\r"}

  def run(step, operation, words \\ &inspect/1) do
    say([step, :begin])
    result = operation.()
    say([step | outcome(result, words)])
    result
  end

  defp outcome({:ok, :eof}, _), do: [:eof]

  defp outcome({:error, reason} = error, words),
    do: [:error, type(reason), errno(reason), words.(error)]

  defp outcome(_, _), do: [:ok]

  # Of {:tls_alert, ...} the first word.
  defp type(reason) when is_tuple(reason), do: type(elem(reason, 0))
  defp type(reason), do: inspect(reason)

  # Erlang names an errno by its own name in small letters; no other reason begins with an e.
  defp errno(reason) do
    case to_string(type(reason)) do
      ":e" <> name -> "E" <> String.upcase(name)
      _ -> "-"
    end
  end

  defp say(fields) do
    report = Process.get(__MODULE__) || open(System.get_env("LAB_STEPS", ""))
    if report != :nobody, do: write(report, fields)
  end

  defp open(path) do
    # Raw, so without a buffer: each line is one write, also to a pipe.
    report = if path == "", do: :nobody, else: File.open!(path, [:append, :raw])
    Process.put(__MODULE__, report)
    if report != :nobody, do: write(report, [:runtime, :ok, System.version()])
    report
  end

  defp write(report, fields) do
    words = [System.os_time(:microsecond) | fields] |> Enum.map_join("\t", &escape(to_string(&1)))
    :ok = IO.binwrite(report, words <> "\n")
  end

  defp escape(field), do: String.replace(field, Map.keys(@escapes), &@escapes[&1])
end
