# frozen_string_literal: true

# A server that accepts one connection and then behaves as it is told.
#
# Usage: ruby server.rb PORT BEHAVIOUR

require "socket"
require_relative "exhaust"
require_relative "listening"
require_relative "steps"

# Only one behaviour needs it, and it takes longer to load than all the rest.
autoload :OpenSSL, "openssl"

# A connection, and what can be done with it.
class Connection
  def initialize(client)
    @client = client
  end

  def read
    Steps.run("read") { @client.gets }
  end

  def reply
    Steps.run("send") { @client.write("Hello Client!\n") }
  end

  def close
    Steps.run("close") { @client.close }
  end

  def abort
    Steps.run("abort") do
      # Lingering for 0 seconds makes close throw the connection away: a reset.
      @client.setsockopt(Socket::Option.linger(true, 0))
      @client.close
    end
  end

  def wait
    Steps.run("wait") { $stdin.read }
  end

  def pause
    Steps.run("pause") { $stdin.gets }
  end

  def leak
    Steps.run("leak") { Exhaust.descriptors }
  end

  def grow
    Steps.run("grow") { Exhaust.memory }
  end

  # Ends without closing anything: the system does that.
  def vanish
    exit!(true)
  end

  def answer_heartbeats
    read
    return unless Steps.run("read") { eight_heartbeats? }

    reply
    Steps.run("read") { nil while @client.gets }
  end

  def fail_handshake
    secured = OpenSSL::SSL::SSLSocket.new(@client, OpenSSL::SSL::SSLContext.new)
    Steps.run("handshake") { secured.accept }
  rescue SystemCallError, OpenSSL::SSL::SSLError
    close
  end

  private

  def eight_heartbeats?
    beats = 0
    while beats < 8 && (line = @client.gets)
      next unless line == "Heartbeat\n"

      @client.write(line)
      beats += 1
    end
    beats == 8
  end
end

# What is done with the connection, in order.
BEHAVIOURS = {
  "reply" => %i[read reply close],
  "close" => %i[read close],
  "abort" => %i[read abort],
  "never-read" => %i[wait close],
  "never-reply" => %i[read wait close],
  "late-reply" => %i[read wait reply close],
  "early-reply" => %i[reply wait close],
  "slow-reply" => %i[answer_heartbeats close],
  "accept-leak" => %i[read leak wait vanish],
  "grow" => %i[pause grow],
  "read-grow" => %i[read pause grow],
  "tls" => %i[fail_handshake]
}.freeze
# These accept by themselves.
LISTENERS = %w[serve leak].freeze

def accept(listener)
  Connection.new(Steps.run("accept") { listener.accept })
end

def serve(listener)
  loop do
    connection = accept(listener)
    begin
      connection.reply while connection.read
    rescue SystemCallError, IOError
      # The next client is served all the same.
    end
    connection.close
  end
end

def leak(listener)
  connection = Connection.new(nil)
  connection.leak
  begin
    accept(listener)
  rescue SystemCallError, IOError
    connection.wait
  end
  connection.vanish
end

port, behaviour = ARGV
port = Integer(port.to_s, 10, exception: false)
names = BEHAVIOURS.keys + LISTENERS
unless ARGV.size == 2 && port&.between?(0, 65_535)
  warn "Usage: ruby server.rb PORT #{names.join("|")}"
  exit 2
end
unless names.include?(behaviour)
  warn "Unknown behaviour: #{behaviour}"
  exit 127
end

begin
  listener = Steps.run("listen") { Listening.on(port) }
  case behaviour
  when "serve" then serve(listener)
  when "leak" then leak(listener)
  else
    connection = accept(listener)
    BEHAVIOURS[behaviour].each { |act| connection.public_send(act) }
  end
rescue SystemCallError, IOError => e
  abort "Connection failed: #{e.message}"
end
