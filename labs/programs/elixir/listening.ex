defmodule Listening do
  @moduledoc "Listens for connections; the servers share it."

  # :gen_tcp lets only 5 connections wait, unless it is told more.
  @options [:binary, packet: :line, active: false, reuseaddr: true, backlog: 128]

  @doc "Listens on all addresses, of IPv4 and, where the host has it, of IPv6."
  def on(port) do
    with {:error, :eafnosupport} <-
           :gen_tcp.listen(port, [:inet6, ipv6_v6only: false] ++ @options),
         do: :gen_tcp.listen(port, @options)
  end
end
