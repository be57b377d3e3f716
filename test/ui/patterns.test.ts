import test from 'ava';
import {joinPatterns, splitPatterns} from '../../source/ui/screens/job/patterns.ts';

test('patterns come back as they were typed, with blanks and quotes in them', t => {
	const patterns = ['*.{log,tmp}', 'My Documents', 'it\'s', 'say "no"', '/cache/**'];

	t.deepEqual(splitPatterns(joinPatterns(patterns)), patterns);
	t.deepEqual(splitPatterns('  a   "b c"  '), ['a', 'b c']);
	t.deepEqual(splitPatterns(''), []);
	t.throws(() => splitPatterns('a "b'), {message: /not closed/v});
});
