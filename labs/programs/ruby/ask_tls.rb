# frozen_string_literal: true

# A client that sends one line and reads one line over TLS.
#
# Usage: ruby ask_tls.rb HOST PORT

require "openssl"
require "socket"
require_relative "steps"

# Returns the line that the server answered, or nil if it gave no answer.
def ask(host, port)
  plain = Steps.run("connect") { TCPSocket.new(host, port) }
  puts "Connected to #{host}:#{port}."
  context = OpenSSL::SSL::SSLContext.new
  # Good enough for an example: the client speaks to whoever answers.
  context.verify_mode = OpenSSL::SSL::VERIFY_NONE
  server = OpenSSL::SSL::SSLSocket.new(plain, context)
  server.sync_close = true
  shake_hands(server)
  Steps.run("send") { server.write("Hello Server!\n") }
  reply = Steps.run("read") { server.gets }
  Steps.run("close") { server.close }
  reply
ensure
  plain&.close
end

def shake_hands(server)
  Steps.run("handshake") { server.connect }
rescue Errno::ECONNRESET
  raise
rescue SystemCallError, OpenSSL::SSL::SSLError => e
  abort "TLS handshake failed: #{e.message}"
end

host, port = ARGV
port = Integer(port.to_s, 10, exception: false)
unless ARGV.size == 2 && port&.between?(0, 65_535)
  warn "Usage: ruby ask_tls.rb HOST PORT"
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
rescue SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError => e
  abort "Connection failed: #{e.message}"
end
abort "The server closed the connection without a reply." unless reply
puts "The server said: #{reply}"
