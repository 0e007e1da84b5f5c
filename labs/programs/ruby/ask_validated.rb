# frozen_string_literal: true

# A client that looks at the connection that it kept before it asks again over it.
#
# Usage: ruby ask_validated.rb HOST PORT [MAX_IDLE_MS]

require "socket"
require_relative "steps"

def connect(host, port)
  server = Steps.run("connect") { TCPSocket.new(host, port) }
  puts "Connected to #{host}:#{port}."
  server
end

# Returns the line that the server answered, or nil if it gave no answer.
def ask(server)
  Steps.run("send") { server.write("Hello Server!\n") }
  reply = Steps.run("read") { server.gets }
  puts "The server said: #{reply}" if reply
  reply
end

def usable?(server, idle, max_idle)
  # Data, the end of file and an error all make it readable, and none of them was asked for.
  idle <= max_idle && Steps.run("validate") { !server.wait_readable(0) }
end

def ask_twice(host, port, max_idle)
  server = connect(host, port)
  reply = ask(server)
  if reply
    used = now
    Steps.run("pause") { $stdin.gets }
    unless usable?(server, now - used, max_idle)
      Steps.run("close") { server.close }
      server = connect(host, port)
    end
    reply = ask(server)
  end
  Steps.run("close") { server.close }
  reply
ensure
  server&.close
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

host, port, max_idle_ms = ARGV
port = Integer(port.to_s, 10, exception: false)
max_idle_ms = max_idle_ms ? Float(max_idle_ms, exception: false) : Float::INFINITY
unless ARGV.size.between?(2, 3) && port&.between?(0, 65_535) && max_idle_ms
  warn "Usage: ruby ask_validated.rb HOST PORT [MAX_IDLE_MS]"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
# abort prints its text on standard error, and the exit status is 1.
begin
  reply = ask_twice(host, port, max_idle_ms / 1000)
rescue Errno::ECONNREFUSED
  abort "Connection refused: nothing listens on #{host}:#{port}."
rescue Errno::ECONNRESET
  abort "Connection reset: the server or something on the way aborted the connection."
rescue SystemCallError, IOError, SocketError => e
  abort "Connection failed: #{e.message}"
end
abort "The server closed the connection without a reply." unless reply
