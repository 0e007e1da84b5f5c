# frozen_string_literal: true

require "socket"

# Listens for connections; the servers share it.
module Listening
  # Listens on all addresses, of IPv4 and, where the host has it, of IPv6.
  def self.on(port)
    # On Linux this takes connections of IPv4, too; without a host it would take only them.
    TCPServer.new("::", port)
  rescue Errno::EAFNOSUPPORT, Errno::EADDRNOTAVAIL
    TCPServer.new("0.0.0.0", port)
  end
end
