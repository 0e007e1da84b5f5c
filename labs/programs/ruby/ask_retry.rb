# frozen_string_literal: true

# A client that asks again when it gets no reply, but never pays twice.
#
# Usage: ruby ask_retry.rb HOST PORT [MESSAGE]

require "socket"
require_relative "steps"

# Seconds after each try; there is nothing to wait for after the last one.
LONGEST_WAITS = [0.1, 0.2, 0.4, nil].freeze

# Returns the line that the server answered, or nil if it gave no answer.
def ask(host, port, message)
  server = Steps.run("connect") { TCPSocket.new(host, port) }
  # While nothing is said, the system asks whether the server is still there.
  server.setsockopt(:SOCKET, :KEEPALIVE, true)
  puts "Connected to #{host}:#{port}."
  Steps.run("send") { server.write("#{message}\n") }
  reply = Steps.run("read") { server.gets }
  Steps.run("close") { server.close }
  reply
ensure
  server&.close
end

host, port, message = ARGV
message ||= "Hello Server!"
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size.between?(2, 3) && port&.between?(0, 65_535)
  warn "Usage: ruby ask_retry.rb HOST PORT [MESSAGE]"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
LONGEST_WAITS.each do |longest_wait|
  begin
    reply = ask(host, port, message)
    if reply
      puts "The server said: #{reply}"
      exit
    end
    failure = "The server closed the connection without a reply."
  rescue Errno::ECONNREFUSED
    failure = "Connection refused: nothing listens on #{host}:#{port}."
  rescue Errno::ECONNRESET
    failure = "Connection reset: the server or something on the way aborted the connection."
  # An IOError: when the system's patience ends, Ruby 3.3 raises IO::TimeoutError.
  rescue Errno::EPIPE, Errno::ETIMEDOUT, Errno::EHOSTUNREACH, IOError => e
    failure = "Connection failed: #{e.message}"
  rescue SystemCallError, SocketError => e
    # abort prints its text on standard error, and the exit status is 1.
    abort "Connection failed: #{e.message}"
  end
  abort "#{failure}\nNot repeated: the server may have done it already." if message.start_with?("Pay")
  abort failure unless longest_wait
  warn "Trying again: #{failure}"
  # A random time, or all clients of a failed server would come back at once.
  Steps.run("backoff") { sleep(rand(0.0..longest_wait)) }
end
