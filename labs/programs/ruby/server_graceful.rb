# frozen_string_literal: true

# A server that finishes what it has begun when it is told to end with SIGTERM.
#
# Usage: ruby server_graceful.rb PORT

require "socket"
require_relative "listening"
require_relative "steps"

# Serves one connection after another, until the alarm can be read.
class Server
  def initialize(listener, alarm)
    @listener = listener
    @alarm = alarm
    @stopping = false
  end

  def serve
    serve_next until @stopping
  rescue Errno::EINTR
    # SIGTERM, and no client is there.
  end

  private

  def serve_next
    @client = run("accept") { accept }
    @received = "".b
    begin
      answer
      if @stopping
        Steps.run("shutdown") { @client.close_write }
        # What stays unread would reset the connection.
        Steps.run("drain") { IO.copy_stream(@client, File::NULL) }
      end
    rescue SystemCallError, IOError
      # It is closed, too, and the next client is served.
    end
    Steps.run("close") { @client.close }
    @client = nil
  end

  # Answers each line until the end of file, or until SIGTERM.
  def answer
    until @stopping
      run("work") { work }
      break unless run("read") { read }

      Steps.run("send") { @client.write("Hello Client!\n") }
    end
  rescue Errno::EINTR
    # SIGTERM, and no request has come.
  end

  # Runs a step that waits. After SIGTERM it goes on if a request has come.
  def run(step, &operation)
    Steps.run(step, &operation)
  rescue Errno::EINTR
    @stopping = true
    Steps.run("stop") { @listener.close }
    raise unless request?

    Steps.run(step, &operation)
  end

  # IO.select knows of what Ruby has read ahead.
  def wait_for(source)
    readable, = IO.select(@stopping ? [source] : [source, @alarm])
    # What the system says when a signal interrupts a call.
    raise Errno::EINTR if readable.include?(@alarm)
  end

  def accept
    wait_for(@listener)
    @listener.accept
  end

  # Waits for Enter.
  def work
    loop do
      wait_for($stdin)
      break if ["\n", nil].include?($stdin.getc)
    end
  end

  # Reads a line byte by byte: SIGTERM may come in the middle of it.
  def read
    loop do
      wait_for(@client)
      byte = @client.getbyte or return
      @received << byte
      return @received.slice!(0..) if @received.end_with?("\n")
    end
  end

  # Whether a request has come, or its beginning; the end of file is none.
  def request?
    return false unless @client

    !@received.empty? || (@client.wait_readable(0) && !@client.eof?)
  end
end

port = Integer(ARGV.first.to_s, 10, exception: false)
unless ARGV.size == 1 && port&.between?(0, 65_535)
  warn "Usage: ruby server_graceful.rb PORT"
  exit 2
end

# SIGTERM becomes a byte that stays until IO.select sees it: a signal that comes just
# before the wait begins is not missed. Without a handler it would end the process.
alarm, alarm_input = IO.pipe
trap("TERM") { alarm_input.write_nonblock("!", exception: false) }
begin
  listener = Steps.run("listen") { Listening.on(port) }
  Server.new(listener, alarm).serve
rescue SystemCallError, IOError => e
  abort "Connection failed: #{e.message}"
end
