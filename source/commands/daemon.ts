import {realpathSync} from 'node:fs';
import process from 'node:process';
import {runDaemon} from '../actions/run-daemon.ts';
import {listDestinations} from '../actions/destinations.ts';
import {escapeText} from '../domain/raw-name.ts';
import {defineCommand} from './command.ts';
import {systemdUnit} from './systemd-unit.ts';

export const daemon = defineCommand({
	arguments: [],
	options: {
		'print-unit': {type: 'flag', meaning: 'prints a hardened unit for systemd, and does nothing else'},
	},
	details: [
		'Follows the schedules of jobs and carries out the queue in the foreground until SIGTERM or Ctrl-C, for systemd. What runs then is interrupted and can be run again; what waits stays queued.',
		'What came due while it was not running is made up for once. Without it a runner starts by itself when there is work, and nothing runs by schedule.',
	],
	examples: ['holdfast daemon', 'holdfast daemon --print-unit > /etc/systemd/system/holdfast.service && systemctl enable --now holdfast'],
	needs: 'setup',
	async run({context, options, everywhere, output, interruption}) {
		if (options['print-unit']) {
			const destinations = await listDestinations(context);
			const unit = systemdUnit({
				program: [process.execPath, realpathSync(process.argv[1]!)], stateDirectory: everywhere.stateDirectory, folders: destinations.map(({folder}) => folder),
			});

			await output.result({unit}, () => unit);
			return;
		}

		const log = (text: string): void => {
			process.stderr.write(`${escapeText(text)}\n`);
		};

		await runDaemon(context, {
			log,
			signal: interruption(),
			onReady() {
				log('Holdfast follows the schedules and carries out the queue.');
			},
		});
	},
});
