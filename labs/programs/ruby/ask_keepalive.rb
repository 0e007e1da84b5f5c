# frozen_string_literal: true

# A client that sends one line and reads one line, with TCP keepalive.
#
# Usage: ruby ask_keepalive.rb HOST PORT

require "socket"
require_relative "steps"

# Returns the line that the server answered, or nil if it gave no answer.
def ask(host, port)
  server = Steps.run("connect") { TCPSocket.new(host, port) }
  # While nothing is said, the system asks whether the server is still there.
  server.setsockopt(:SOCKET, :KEEPALIVE, true)
  puts "Connected to #{host}:#{port}."
  Steps.run("send") { server.write("Hello Server!\n") }
  reply = Steps.run("read") { server.gets }
  Steps.run("close") { server.close }
  reply
ensure
  server&.close
end

host, port = ARGV
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size == 2 && port&.between?(0, 65_535)
  warn "Usage: ruby ask_keepalive.rb HOST PORT"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
# abort prints its text on standard error, and the exit status is 1.
begin
  reply = ask(host, port)
rescue Errno::ECONNREFUSED
  abort "Connection refused: nothing listens on #{host}:#{port}."
rescue Errno::ECONNRESET
  abort "Connection reset: the server or something on the way aborted the connection."
# An IOError: when the system's patience ends, Ruby 3.3 raises IO::TimeoutError.
rescue SystemCallError, IOError, SocketError => e
  abort "Connection failed: #{e.message}"
end
abort "The server closed the connection without a reply." unless reply
puts "The server said: #{reply}"
