/** Prometheus' text format: what node_exporter's textfile collector reads. */
export type Metric = {
	/** Without the prefix. */
	readonly name: string;
	readonly help: string;
	readonly samples: ReadonlyArray<{readonly labels?: Readonly<Record<string, string>>; readonly value: number}>;
};

export const formatMetrics = (prefix: string, metrics: readonly Metric[]): string => `${metrics.flatMap(({name, help, samples}) => [
	`# HELP ${prefix}_${name} ${help}`,
	`# TYPE ${prefix}_${name} gauge`,
	...samples.map(({labels = {}, value}) => `${prefix}_${name}${formatLabels(labels)} ${value}`),
]).join('\n')}\n`;

const formatLabels = (labels: Readonly<Record<string, string>>): string => {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);

	return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`).replaceAll('"', String.raw`\"`);
