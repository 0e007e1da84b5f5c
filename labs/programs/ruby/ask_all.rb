# frozen_string_literal: true

# A client that sends one line and reads lines until there are no more.
#
# Usage: ruby ask_all.rb HOST PORT

require "socket"
require_relative "steps"

# Prints the lines that the server answered, and returns how many there were.
def ask(host, port)
  replies = 0
  server = Steps.run("connect") { TCPSocket.new(host, port) }
  puts "Connected to #{host}:#{port}."
  Steps.run("send") { server.write("Hello Server!\n") }
  while (reply = Steps.run("read") { server.gets })
    puts "The server said: #{reply}"
    replies += 1
  end
  Steps.run("close") { server.close }
  replies
ensure
  server&.close
end

host, port = ARGV
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size == 2 && port&.between?(0, 65_535)
  warn "Usage: ruby ask_all.rb HOST PORT"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
# abort prints its text on standard error, and the exit status is 1.
begin
  replies = ask(host, port)
rescue Errno::ECONNREFUSED
  abort "Connection refused: nothing listens on #{host}:#{port}."
rescue Errno::ECONNRESET
  abort "Connection reset: the server or something on the way aborted the connection."
rescue SystemCallError, IOError, SocketError => e
  abort "Connection failed: #{e.message}"
end
abort "The server closed the connection without a reply." if replies.zero?
