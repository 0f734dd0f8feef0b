/*
 * Taking the rows away: as a CSV of what is shown, and on paper.
 */

const PRINT_ALL = 2000;
const PRINT_FIRST = 500;

function saveCsv() {
	const list = shownColumns();
	const lines = [list.map(c => csvCell(c.name())).join(',')];
	for (const index of shown)
		lines.push(list.map(c => csvCell(csvText(c, rows[index]))).join(','));
	const blob = new Blob(['\ufeff', lines.join('\r\n'), '\r\n'], {
		type: 'text/csv;charset=utf-8',
	});
	const link = el('a', {
		href: URL.createObjectURL(blob),
		download: `${facts.campaign}-${facts.run}.csv`,
	});
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/* "8 of 48 rows. Chosen by Status: Completed": whoever has the paper alone must know what is missing. */
function printedText(count) {
	const parts = [];
	if (shown.length < rows.length) {
		parts.push(`${t('shown', shown.length, rows.length)}. ${t('filteredBy')} ${filterTexts().join(t('between'))}.`);
		if (count < shown.length) parts.push(t('printedFirst', count, shown.length));
	} else {
		parts.push(count < shown.length ? t('printedFirst', count, shown.length) : t('printedAll', count));
	}
	return parts.join(' ');
}

/* Paper holds no scroll bar: a plain table of the rows that are shown, up to a number it states. */
function drawPrint() {
	const count = shown.length <= PRINT_ALL ? shown.length : PRINT_FIRST;
	const list = shownColumns();
	find('print-rows').replaceChildren(
		el('p', {}, printedText(count)),
		el(
			'table',
			{},
			el(
				'thead',
				{},
				el('tr', {}, ...list.map(c => el('th', {scope: 'col'}, c.name()))),
			),
			el(
				'tbody',
				{},
				...shown.slice(0, count).map(index =>
					el(
						'tr',
						{},
						...list.map(c => {
							const row = rows[index];
							return el(
								'td',
								{},
								c.show
									? c.show(row)
									: String(c.value(row)),
							);
						}),
					),
				),
			),
		),
	);
}
