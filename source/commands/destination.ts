import {listDestinations, showDestination, type DestinationView} from '../actions/destinations.ts';
import {formatBytes} from '../domain/units.ts';
import {exitCodes} from '../errors.ts';
import {defineCommand, type Argument} from './command.ts';
import {formatFields, formatTable} from './table.ts';

const fields = 'id, name, type, folder, status (ready, lowSpace or missing), problem, freeBytes, totalBytes, jobs';
const nameArgument = {name: 'NAME', meaning: 'name or id; without it the destination of the first job', count: 'optional'} as const satisfies Argument;

export const destinationList = defineCommand({
	arguments: [],
	options: {},
	json: `{"destinations": […]}, each with ${fields}`,
	examples: ['holdfast destination list'],
	needs: 'setup',
	async run({context, output}) {
		const destinations = await listDestinations(context);

		await output.result({destinations}, async () => formatTable(
			[{heading: 'DESTINATION'}, {heading: 'STATUS'}, {heading: 'FREE', align: 'right'}, {heading: 'FOLDER', isFlexible: true}],
			destinations.map(({name, status, freeBytes, folder}) => [name, status, showBytes(freeBytes), folder]),
		));
	},
});

export const destinationShow = defineCommand({
	arguments: [nameArgument],
	options: {},
	json: `the destination: ${fields}`,
	examples: ['holdfast destination show', 'holdfast destination show local --json'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const destination = await showDestination(context, name);
		await output.result(destination, () => describe(destination));
	},
});

export const destinationCheck = defineCommand({
	arguments: [nameArgument],
	options: {},
	json: `the destination: ${fields}`,
	details: ['Ends with 1 when the destination is not ready for backups.'],
	examples: ['holdfast destination check'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const destination = await showDestination(context, name);
		await output.result(destination, () => destination.problem ?? `The destination ${destination.folder} is there and has ${showBytes(destination.freeBytes)} free.`);

		return destination.status === 'ready' ? 0 : exitCodes.failed;
	},
});

const describe = ({id, name, type, folder, status, problem, freeBytes, totalBytes, jobs}: DestinationView): string => formatFields([
	['Destination', name],
	['Id', id],
	['Type', type],
	['Folder', folder],
	['Status', problem === null ? status : `${status}; ! ${problem}`],
	['Free', `${showBytes(freeBytes)} of ${showBytes(totalBytes)}`],
	['Jobs', jobs.length === 0 ? 'none' : jobs.join(', ')],
]);

const showBytes = (bytes: number | null): string => bytes === null ? '–' : formatBytes(bytes);
