# frozen_string_literal: true

# A client that sends a line, waits for Enter, sends the next one, and then reads one line.
#
# Usage: ruby ask_twice.rb HOST PORT [MESSAGE ...]

require "socket"
require_relative "steps"

# Returns the line that the server answered, or nil if it gave no answer.
def ask(host, port, messages)
  server = Steps.run("connect") { TCPSocket.new(host, port) }
  puts "Connected to #{host}:#{port}."
  send_all(server, messages)
  reply = Steps.run("read") { server.gets }
  Steps.run("close") { server.close }
  reply
ensure
  server&.close
end

def send_all(server, messages)
  messages.each_with_index do |message, number|
    Steps.run("pause") { $stdin.gets } if number.positive?
    Steps.run("send") { server.write("#{message}\n") }
  end
rescue Errno::EPIPE
  # Nothing can be sent any more, but an answer may have come before.
  warn "Broken pipe: the server has closed the connection."
end

host, port, *messages = ARGV
messages = ["Hello Server!", "Are you still there?"] if messages.empty?
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size >= 2 && port&.between?(0, 65_535)
  warn "Usage: ruby ask_twice.rb HOST PORT [MESSAGE ...]"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
# abort prints its text on standard error, and the exit status is 1.
begin
  reply = ask(host, port, messages)
rescue Errno::ECONNREFUSED
  abort "Connection refused: nothing listens on #{host}:#{port}."
rescue Errno::ECONNRESET
  abort "Connection reset: the server or something on the way aborted the connection."
rescue SystemCallError, IOError, SocketError => e
  abort "Connection failed: #{e.message}"
end
abort "The server closed the connection without a reply." unless reply
puts "The server said: #{reply}"
