# frozen_string_literal: true

# A server that knows its limits, and says so where another one would fail.
#
# Usage: ruby server_limits.rb PORT reserve|shed

require "socket"
require_relative "exhaust"
require_relative "listening"
require_relative "steps"

BUDGET = 64 * 1024 * 1024

def accept(listener)
  client = Steps.run("accept") { listener.accept }
  Steps.run("read") { client.gets }
  client
end

def refuse(client)
  Steps.run("send") { client.write("Busy, try again later.\n") }
  Steps.run("close") { client.close }
end

def reserve(listener)
  # Given back when nothing else is left, so that a client can still be told.
  spare = File.open(File::NULL)
  Steps.run("leak") { Exhaust.descriptors }
  spare.close
  refuse(accept(listener))
end

def shed(listener)
  client = accept(listener)
  Steps.run("pause") { $stdin.gets }
  # The work would need more: it is given up, not the server.
  Steps.run("grow") { Exhaust.memory(BUDGET) }
  refuse(client)
end

port, behaviour = ARGV
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size == 2 && port&.between?(0, 65_535) && %w[reserve shed].include?(behaviour)
  warn "Usage: ruby server_limits.rb PORT reserve|shed"
  exit 2
end

begin
  listener = Steps.run("listen") { Listening.on(port) }
  behaviour == "reserve" ? reserve(listener) : shed(listener)
rescue SystemCallError, IOError => e
  abort "Connection failed: #{e.message}"
end
