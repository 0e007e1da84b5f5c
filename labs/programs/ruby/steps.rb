# frozen_string_literal: true

# Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.
#
# Steps.run(step) { operation } runs the operation and returns what it returned, or lets
# through what it raised. The lines are described in docs/programs.md.
module Steps
  path = ENV.fetch("LAB_STEPS", "")
  REPORT = path.empty? ? nil : File.open(path, "ab")
  ESCAPES = { "\\" => "\\\\", "\t" => "\\t", "\n" => "\\n", "\r" => "\\r" }.freeze

  def self.run(step)
    say(step, "begin")
    begin
      result = yield
    rescue StandardError => e
      say(step, "error", e.class.name, errno_of(e), e.message)
      raise
    end
    # At the end of file gets returns nil; an empty line is "\n".
    say(step, !result && %w[read validate].include?(step) ? "eof" : "ok")
    result
  end

  def self.say(*fields)
    return unless REPORT

    time = Process.clock_gettime(Process::CLOCK_REALTIME, :microsecond)
    # As bytes, whatever encoding a message has.
    words = fields.map { |field| field.b.gsub(/[\\\t\n\r]/, ESCAPES) }
    # Past the buffer: each line is one write, also to a pipe.
    REPORT.syswrite("#{[time, *words].join("\t")}\n")
  end

  def self.errno_of(error)
    error.class.name[/\AErrno::(\w+)\z/, 1] || "-"
  end

  say("runtime", "ok", RUBY_VERSION)
end
