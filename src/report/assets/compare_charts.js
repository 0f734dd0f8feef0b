/*
 * The pictures of the comparison: how far calls reached, what they cost and how they ended, by campaign
 * and by day.
 */

/* Lying bars that share one length: [{label, parts: [[share, class] …], text, title}]. */
function meters(width, items) {
	const line = 34;
	const names = Math.min(
		width * 0.42,
		Math.max(...items.map(i => [...i.label].length)) * 7.2 + 12,
	);
	const room = width - names - Math.max(textRoom(items.map(i => i.text)), 84);
	const letters = Math.floor((names - 8) / 7.2);
	const picture = svg('svg', {viewBox: `0 0 ${width} ${items.length * line}`});
	items.forEach((item, i) => {
		const y = i * line;
		const name = [...item.label];
		const short =
			name.length > letters ? `${name.slice(0, letters - 1).join('')}…` : item.label;
		const group = svg('g', {}, svg('title', {}, item.title));
		let x = names;
		group.append(
			svg('rect', {
				x: fromStart(width, names, room),
				y: y + 7,
				width: room,
				height: 18,
				class: 'track',
			}),
		);
		for (const [part, kind] of item.parts) {
			const w = part * room;
			group.append(
				svg('rect', {
					x: fromStart(width, x, w),
					y: y + 7,
					width: w,
					height: 18,
					class: `fill ${kind}`,
				}),
			);
			x += w;
		}
		group.append(
			label(width, 0, y + 20, short),
			label(width, width, y + 20, item.text, 'end', 'label strong'),
		);
		picture.append(group);
	});
	return picture;
}

function reachItems(list) {
	return list.map(([name, sum]) => ({
		label: name,
		parts: [[sum.calls ? sum.answered / sum.calls : 0, 'yes']],
		text: share(sum.answered, sum.calls),
		title: `${name}: ${n(sum.answered)} / ${n(sum.calls)}`,
	}));
}

function costItems(list) {
	const most = Math.max(...list.map(([, sum]) => sum.cost)) || 1;
	return list.map(([name, sum]) => ({
		label: name,
		parts: [[sum.cost / most, 'plain']],
		text: format.cost.format(sum.cost),
		title: `${name}: ${format.cost.format(sum.cost)}`,
	}));
}

/* Kinds of outcome that occur, [name, place in `ends`]. */
function outcomesUsed(list) {
	return facts.outcomes
		.map((name, i) => [name, i])
		.filter(([, i]) => list.some(([, sum]) => sum.ends[i] > 0));
}

/* A call that is not over has no outcome; it is on the phone, or being placed. */
function outcomeText(name) {
	return name === 'none' ? t('notOver') : t(`result_${name}`);
}

function drawEnds(width, list) {
	const used = outcomesUsed(list);
	const kind = name => `r-${name === 'none' ? 'pending' : name}`;
	const items = list.map(([name, sum]) => ({
		label: name,
		parts: used.map(([outcome, i]) => [
			sum.calls ? sum.ends[i] / sum.calls : 0,
			kind(outcome),
		]),
		text: n(sum.calls),
		title: `${name}: ${used.map(([o, i]) => `${outcomeText(o)} ${n(sum.ends[i])}`).join(', ')}`,
	}));
	return figure(
		t('howCallsEnded'),
		legend(used.map(([name]) => [kind(name), outcomeText(name)])),
		used.length ? meters(width, items) : null,
		[t('campaign'), ...used.map(([name]) => outcomeText(name)), t('calls')],
		list.map(([name, sum]) => [
			name,
			...used.map(([, i]) => n(sum.ends[i])),
			n(sum.calls),
		]),
		items.map(i => i.title).join('; '),
	);
}

function drawNights(width, nights) {
	const items = nights.map(([date, sum]) => ({
		label: format.day.format(new Date(`${date}T12:00:00Z`)),
		parts: [
			[sum.answered, 'yes'],
			[sum.calls - sum.answered, 'no'],
		],
		title: `${dateText(date)}: ${t('answered')} ${n(sum.answered)}, ${t('unanswered')} ${n(sum.calls - sum.answered)}`,
	}));
	return figure(
		t('callsByNight'),
		legend([
			['yes', t('answered')],
			['no', t('unanswered')],
		]),
		items.length ? columns(width, items, false) : null,
		[t('night'), t('answered'), t('unanswered')],
		nights.map(([date, sum]) => [
			dateText(date),
			n(sum.answered),
			n(sum.calls - sum.answered),
		]),
		items.map(i => i.title).join('; '),
	);
}

function drawReachByNight(width, nights) {
	const items = nights.map(([date, sum]) => ({
		label: format.day.format(new Date(`${date}T12:00:00Z`)),
		parts: [[sum.calls ? sum.answered / sum.calls : 0, 'yes']],
		title: `${dateText(date)}: ${share(sum.answered, sum.calls)}`,
	}));
	return figure(
		t('reachByNight'),
		null,
		items.length ? columns(width, items, true) : null,
		[t('night'), t('cardReach')],
		nights.map(([date, sum]) => [dateText(date), share(sum.answered, sum.calls)]),
		items.map(i => i.title).join('; '),
	);
}

function drawCostByNight(width, nights) {
	const items = nights.map(([date, sum]) => ({
		label: format.day.format(new Date(`${date}T12:00:00Z`)),
		parts: [[sum.cost, 'plain']],
		title: `${dateText(date)}: ${format.cost.format(sum.cost)}`,
	}));
	return figure(
		t('costByNight'),
		null,
		items.length ? columns(width, items, false, 0.01) : null,
		[t('night'), t('cardCost')],
		nights.map(([date, sum]) => [dateText(date), format.cost.format(sum.cost)]),
		items.map(i => i.title).join('; '),
	);
}

function drawPictures(runs) {
	const list = byCampaign(runs);
	const nights = byNight(runs);
	const box = find('pictures');
	const {across, width, wide} = pictureWidths(box);
	const pair = (title, items, name, text) =>
		figure(
			title,
			null,
			meters(width, items),
			[t('campaign'), name],
			list.map(([campaign, sum]) => [campaign, text(sum)]),
			items.map(i => i.title).join('; '),
		);
	const ends = drawEnds(wide, list);
	const calls = drawNights(wide, nights);
	ends.classList.add('wide');
	calls.classList.add('wide');
	const reach = pair(t('reachByCampaign'), reachItems(list), t('cardReach'), sum =>
		share(sum.answered, sum.calls),
	);
	const cost = pair(t('costByCampaign'), costItems(list), t('cardCost'), sum =>
		format.cost.format(sum.cost),
	);
	const costs = drawCostByNight(across === 3 ? wide : width, nights);
	costs.classList.toggle('wide', across === 3);
	box.replaceChildren(
		...(across === 2 ? [ends, reach, cost, calls] : [reach, ends, calls, cost]),
		drawReachByNight(width, nights),
		costs,
	);
}
