import process from 'node:process';
import {runDaemon} from '../actions/run-daemon.ts';
import {defineCommand} from './command.ts';

export const daemon = defineCommand({
	arguments: [],
	options: {},
	details: [
		'Carries out the queue in the foreground until SIGTERM or Ctrl-C, for systemd. What runs then is interrupted and can be run again; what waits stays queued.',
		'Without it a runner starts by itself when there is work.',
	],
	examples: ['holdfast daemon', 'systemd-run --unit=holdfast holdfast daemon'],
	needs: 'setup',
	async run({context, interruption}) {
		const log = (text: string): void => {
			process.stderr.write(`${text}\n`);
		};

		await runDaemon(context, {
			log,
			signal: interruption(),
			onReady() {
				log('Holdfast carries out the queue.');
			},
		});
	},
});
