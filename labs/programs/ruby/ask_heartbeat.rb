# frozen_string_literal: true

# A client that asks for signs of life while it waits, and asks once more.
#
# Usage: ruby ask_heartbeat.rb HOST PORT

require "socket"
require "timeout"
require_relative "steps"

INTERVAL = 0.25
PATIENCE = 1.0

# Returns the first line that is no heartbeat, or nil at the end of file.
def read(server)
  # Of bytes: a character may come in pieces.
  line = "".b
  heard = now
  beat = heard + INTERVAL
  loop do
    # gets would wait for the end of a line that may never come; a byte is there.
    if server.wait_readable([[beat, heard + PATIENCE].min - now, 0].max)
      byte = server.getbyte
      return (line unless line.empty?) unless byte

      line << byte
      if line.end_with?("\n")
        return line unless line == "Heartbeat\n"

        line.clear
      end
      heard = now
      beat = heard + INTERVAL
    elsif now >= heard + PATIENCE
      raise Timeout::Error, "no sign of life from the server"
    else
      server.write("Heartbeat\n")
      beat += INTERVAL
    end
  end
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

# Returns the line that the server answered, or nil if it gave no answer.
def ask(host, port)
  server = Steps.run("connect") { TCPSocket.new(host, port) }
  puts "Connected to #{host}:#{port}."
  Steps.run("send") { server.write("Hello Server!\n") }
  reply = Steps.run("read") { read(server) }
  Steps.run("close") { server.close }
  reply
ensure
  server&.close
end

host, port = ARGV
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size == 2 && port&.between?(0, 65_535)
  warn "Usage: ruby ask_heartbeat.rb HOST PORT"
  exit 2
end

# What is printed appears at once, because what comes next may wait for ever.
$stdout.sync = true
[false, true].each do |is_last|
  begin
    reply = ask(host, port)
    if reply
      puts "The server said: #{reply}"
      exit
    end
    failure = "The server closed the connection without a reply."
  rescue Errno::ECONNREFUSED
    failure = "Connection refused: nothing listens on #{host}:#{port}."
  rescue Errno::ECONNRESET
    failure = "Connection reset: the server or something on the way aborted the connection."
  rescue Timeout::Error
    failure = "No sign of life from the server."
  rescue SystemCallError, IOError, SocketError => e
    failure = "Connection failed: #{e.message}"
  end
  # abort prints its text on standard error, and the exit status is 1.
  abort failure if is_last
  warn "Trying again: #{failure}"
end
