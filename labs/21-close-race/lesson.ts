import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'The server reads one line and then closes, without a reply. Your client sends a first line and at once, without waiting, a second one; then it reads. Neither side waits for the other.',
  answers: {
    'read ok':
      'So it would be had the server replied before it closed (lab 01). This one replies nothing; only the way in which its close shows is left to chance.',
    'read eof':
      'So it can end, by chance: where both lines were there when the server read, for readers read ahead and leave nothing unread; or where the second line came after the close, for then the FIN comes before the RST.',
    'send EPIPE':
      'So it can end in Node, which reads unasked: if it meets the FIN before the second line is written, it refuses the write. Elsewhere the second send succeeds, even after the FIN; EPIPE needs a third (lab 06).',
    'read ECONNRESET':
      'So it can end, by chance: where the second line comes after the server has read and before it closes, it is unread at the close, and the kernel sends a RST in place of the FIN. A moment earlier or later it is end of file, and so it is with a server in Java, which sends a FIN first.',
    'read blocked':
      'So it would be had the server kept its socket open without an answer. It closes in any case, and whatever its kernel then sends, a FIN or a RST, ends your read.',
  },
  explains:
    'Microseconds at the kernel of the server decide. A test that provokes a reset in this way passes on one machine and fails on another, and so does a handler that knows only one outcome. Each single run is clear in its capture: who sent the RST, and was there a FIN before it? Agree in the protocol who closes first, and let the server read on after it has shut down its direction. Let clients treat end of file, ECONNRESET and EPIPE alike: no reply.',
});
