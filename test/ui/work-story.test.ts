import {stat} from 'node:fs/promises';
import test from 'ava';
import {noise, setUpServer} from '../set-up.ts';
import {terminal} from '../terminal.ts';

test('work goes on without the terminal that asked for it, is seen in any other, and can be aborted and run again', async t => {
	const {state, machine, task, write} = await setUpServer(t);
	const size = 300_000_000;
	await write('alice', {'big.bin': noise(size), 'small.txt': 'small'});
	await task(['backup', 'create', 'alice']);

	const first = terminal(t, ['--state', state]);
	first.press(':', 'alice', 'enter');
	await first.shows('1 backup, the newest');
	first.press('enter');
	await first.shows('CREATED');
	first.press('enter');
	await first.shows('Restore the whole home');
	first.press('down', 'enter');
	await first.shows('nothing is done yet');
	first.press('down', 'enter');
	await first.shows('Restore into which folder?');
	first.press(machine.path('out'), 'enter');
	await first.shows(/create +\d .*300 MB/v);
	first.press('R');
	await first.shows('y restore');
	first.press('y');
	await first.shows('it goes on without this screen');
	first.kill('SIGKILL');
	await first.ends();

	const second = terminal(t, ['--state', state]);
	await second.shows('❯ Accounts');
	second.press('3');
	await second.shows(/restore alice +(?:▸ running|✓ completed)/v);
	await second.shows(/restore alice +✓ completed/v);
	second.press('enter');
	await second.shows('all of it was written and checked');
	const {size: restored} = await stat(machine.path('out', 'big.bin'));
	t.is(restored, size);

	await write('alice', {'another.bin': noise(size)});
	second.press('2');
	await second.shows('❯ alice');
	second.press('b');
	await second.shows(/alice: the backup is queued\. {2}u undo/v);
	second.press('3', 'g');
	await second.shows(/❯ back up alice +▸ running/v);
	second.press('X');
	await second.shows('An aborted backup leaves nothing behind');
	second.press('y');
	await second.shows(/back up alice +! aborted/v);
	second.press('g', 'R');
	await second.shows('Run again: back up alice');
	second.press('y');
	await second.shows(/back up alice +✓ completed[\s\S]+back up alice +✓ completed/v);
	second.press('q');
	await second.ends();
});
