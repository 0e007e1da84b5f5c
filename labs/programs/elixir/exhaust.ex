defmodule Exhaust do
  @moduledoc "Uses up what a process has only so much of; the servers share it."

  @chunk 8 * 1024 * 1024
  @page :binary.copy("x", 4096)

  @doc "Opens files until the process may not have more; they stay open."
  def descriptors do
    # A module is loaded when it is first used. Later there would be no descriptor for its file.
    for application <- [:stdlib, :elixir] do
      {:ok, modules} = :application.get_key(application, :modules)
      :ok = :code.ensure_modules_loaded(modules)
    end

    open_files()
  end

  defp open_files do
    case File.open("/dev/null") do
      {:ok, _file} -> open_files()
      {:error, :emfile} -> :ok
      error -> error
    end
  end

  @doc "Takes as much memory as the budget allows, and frees it when it returns."
  # An atom is greater than any number.
  def memory(budget \\ :infinity, taken \\ []) do
    if (length(taken) + 1) * @chunk <= budget do
      # The system gives a page when it is written to.
      memory(budget, [:binary.copy(@page, div(@chunk, byte_size(@page))) | taken])
    else
      :ok
    end
  end
end
