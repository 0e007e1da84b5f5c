# frozen_string_literal: true

# Uses up what a process has only so much of; the servers share it.
module Exhaust
  CHUNK = 8 * 1024 * 1024

  # Opens files until the process may not have more; they stay open.
  def self.descriptors
    # Numbers, and no File objects: when no descriptor is left, Ruby collects its garbage,
    # which closes each file that the program has forgotten.
    loop { IO.sysopen(File::NULL) }
  rescue Errno::EMFILE
    # That was the last one.
  end

  # Takes as much memory as the budget allows, and frees it when it returns.
  def self.memory(budget = Float::INFINITY)
    taken = []
    # Zeros would cost nothing: the system gives a page when it is written to.
    taken << ("x" * CHUNK) while (taken.size + 1) * CHUNK <= budget
    taken.each(&:clear)
  end
end
