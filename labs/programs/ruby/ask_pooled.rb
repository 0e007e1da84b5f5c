# frozen_string_literal: true

# A client that keeps its connection, and asks again over it when Enter is pressed.
#
# Usage: ruby ask_pooled.rb HOST PORT

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

def ask_twice(host, port)
  server = connect(host, port)
  reply = ask(server)
  if reply
    Steps.run("pause") { $stdin.gets }
    reply = ask(server)
  end
  Steps.run("close") { server.close }
  reply
ensure
  server&.close
end

host, port = ARGV
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size == 2 && port&.between?(0, 65_535)
  warn "Usage: ruby ask_pooled.rb HOST PORT"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
# abort prints its text on standard error, and the exit status is 1.
begin
  reply = ask_twice(host, port)
rescue Errno::ECONNREFUSED
  abort "Connection refused: nothing listens on #{host}:#{port}."
rescue Errno::ECONNRESET
  abort "Connection reset: the server or something on the way aborted the connection."
rescue SystemCallError, IOError, SocketError => e
  abort "Connection failed: #{e.message}"
end
abort "The server closed the connection without a reply." unless reply
