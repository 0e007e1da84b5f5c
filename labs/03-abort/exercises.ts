import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  graceful: {
    task: 'The server has read the request, and throws the connection away. Let it answer with the line `Hello Client!`, and end the connection so that the client reads the reply and meets no RST.',
    changes: 'server',
    client: { program: 'ask' },
    serves: { after: 'goes on' },
    fails: ['read ECONNRESET'],
    hints: [
      'SO_LINGER with 0 seconds (in Node: `resetAndDestroy`) means to abort: close sends a RST, and throws away what was to be sent.',
      'Leave that alone, send `Hello Client!` as a line, and close: the kernel goes on to deliver it when your program has closed.',
    ],
    explains:
      'A close without options sends what is still to be sent, and then a FIN, while your program does something else. SO_LINGER 0 is for emergencies: it is found in programs that wanted to be rid of TIME-WAIT, and their clients pay for it.',
  },
});
