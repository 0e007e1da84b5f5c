import test from 'ava';
import { fieldGuide } from '../../runners/commands/docs.ts';
import { EXIT } from '../../runners/user-error.ts';

test('the field guide says what languages and labs state', async (t) => {
  const { status, text } = await fieldGuide(true);
  t.is(status, EXIT.pass, text);
});
