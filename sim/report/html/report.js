// Draws the charts of a report, and lets readers zoom, point, filter and print. It asks nobody for anything.
(() => {
  'use strict';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let printing = false;

  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  tip.setAttribute('role', 'tooltip');
  document.body.append(tip);

  // What a mark says is laid out as names and values, and always as text.
  const showTip = (handler, event, item, value) => {
    tip.hidden = value === null || value === undefined || value === '';
    if (tip.hidden) return;
    const list = document.createElement('dl');
    for (const [name, text] of Object.entries(typeof value === 'object' ? value : { '': value })) {
      if (text === null || text === undefined || text === '') continue;
      const term = document.createElement('dt');
      const told = document.createElement('dd');
      term.textContent = name;
      told.textContent = String(text);
      list.append(term, told);
    }
    tip.replaceChildren(list);
    const box = tip.getBoundingClientRect();
    const right = event.clientX + 16 + box.width < innerWidth;
    const below = event.clientY + 16 + box.height < innerHeight;
    tip.style.left = `${Math.max(4, right ? event.clientX + 14 : event.clientX - box.width - 10)}px`;
    tip.style.top = `${Math.max(4, below ? event.clientY + 14 : event.clientY - box.height - 10)}px`;
  };

  const theme = (width) => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      background: 'transparent',
      font: getComputedStyle(document.body).fontFamily,
      view: { stroke: null },
      axis: {
        labelColor: colour('ink'), titleColor: colour('soft'), gridColor: colour('grid'), domainColor: colour('line'),
        tickColor: colour('line'), labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal',
      },
      legend: { labelColor: colour('ink'), titleColor: colour('soft'), labelFontSize: 12, orient: 'bottom', columns: Math.max(1, Math.floor(width / 130)) },
      header: { labelColor: colour('ink'), titleColor: colour('soft'), labelFontSize: 12 },
      title: { color: colour('ink'), anchor: 'start', fontSize: 13 },
      text: { color: colour('ink') },
      rule: { color: colour('soft') },
    };
  };

  const offline = {
    load: () => Promise.reject(new Error('a report loads nothing')),
    sanitize: () => Promise.reject(new Error('a report links nowhere')),
    http: () => Promise.reject(new Error('a report loads nothing')),
    file: () => Promise.reject(new Error('a report loads nothing')),
  };

  const has = (view, signal) => Object.hasOwn(view.getState({ signals: (name) => name === signal }).signals, signal);

  // The stretch of time that the charts of one article show, together.
  const charts = (figure) => [...figure.closest('article, body').querySelectorAll('figure[data-zoom]')];
  const range = (figure) => {
    const owner = figure.closest('article, body');
    return owner.rehearseRange ?? figure.first;
  };
  const setRange = (figure, lo, hi) => {
    const [first, last] = figure.full;
    const width = Math.min(Math.max(hi - lo, 1), last - first);
    const from = Math.min(Math.max(lo, first), last - width);
    figure.closest('article, body').rehearseRange = [from, from + width];
    for (const other of charts(figure)) {
      if (other.view) other.view.signal('lo', from).signal('hi', from + width).runAsync();
    }
  };
  const act = (figure, what) => {
    const [lo, hi] = range(figure);
    const width = hi - lo;
    if (what === 'in') setRange(figure, lo + width / 4, hi - width / 4);
    if (what === 'out') setRange(figure, lo - width / 2, hi + width / 2);
    if (what === 'left') setRange(figure, lo - width / 4, hi - width / 4);
    if (what === 'right') setRange(figure, lo + width / 4, hi + width / 4);
    if (what === 'all') setRange(figure, ...figure.full);
  };
  const keys = { '+': 'in', '=': 'in', '-': 'out', ArrowLeft: 'left', ArrowRight: 'right', 0: 'all', Escape: 'all' };

  const makeZoomable = (figure) => {
    const plot = figure.querySelector('.plot');
    const timeAt = (event) => {
      const box = plot.getBoundingClientRect();
      const share = (event.clientX - box.left - figure.view.origin()[0]) / figure.view.width();
      const [lo, hi] = range(figure);
      return lo + Math.min(Math.max(share, 0), 1) * (hi - lo);
    };
    plot.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      act(figure, keys[event.key]);
    });
    figure.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-act]');
      if (button) act(figure, button.dataset.act);
    });
    plot.addEventListener('dblclick', () => act(figure, 'all'));
    plot.addEventListener('wheel', (event) => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      const [lo, hi] = range(figure);
      const at = timeAt(event);
      const factor = (event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8;
      setRange(figure, at - (at - lo) * factor, at + (hi - at) * factor);
    }, { passive: false });
    plot.addEventListener('pointerdown', (down) => {
      if (down.button !== 0 || down.pointerType === 'touch') return;
      const from = timeAt(down);
      const band = document.createElement('div');
      band.className = 'band';
      const box = figure.getBoundingClientRect();
      const inside = plot.getBoundingClientRect();
      band.style.top = `${inside.top - box.top}px`;
      band.style.height = `${inside.height}px`;
      const move = (event) => {
        if (!band.isConnected && Math.abs(event.clientX - down.clientX) > 4) figure.append(band);
        band.style.left = `${Math.min(event.clientX, down.clientX) - box.left}px`;
        band.style.width = `${Math.abs(event.clientX - down.clientX)}px`;
      };
      const up = (event) => {
        removeEventListener('pointermove', move);
        removeEventListener('pointerup', up);
        const drawn = band.isConnected;
        band.remove();
        const to = timeAt(event);
        if (drawn && to !== from) setRange(figure, Math.min(from, to), Math.max(from, to));
      };
      addEventListener('pointermove', move);
      addEventListener('pointerup', up);
    });
  };

  // Shows what a link or a cell of a chart leads to, also where it was folded away.
  const openElement = (target) => {
    if (!target) return;
    for (let one = target; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true;
    target.scrollIntoView();
    const focus = target.querySelector('summary');
    if (focus) focus.focus({ preventScroll: true });
  };

  const draw = async (figure) => {
    const plot = figure.querySelector('.plot');
    const specification = JSON.parse(figure.querySelector('script').textContent);
    try {
      if (figure.view) figure.view.finalize();
      const compiled = vegaLite.compile(specification, { config: theme(plot.clientWidth), logger: vega.logger(vega.Error) }).spec;
      const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
        expr: vegaInterpreter, renderer: 'svg', container: plot, hover: true, loader: offline, logLevel: vega.Warn,
      });
      view.tooltip(showTip);
      if (has(view, 'label_width')) view.signal('label_width', Math.min(220, Math.round(plot.clientWidth * 0.3)));
      if (has(view, 'lo') && !figure.full) {
        figure.full = [0, view.signal('last')];
        figure.first = [view.signal('lo'), view.signal('hi')];
      }
      if (figure.full) {
        const [lo, hi] = range(figure);
        view.signal('lo', lo).signal('hi', hi);
      }
      await view.runAsync();
      if (!figure.view && figure.full) makeZoomable(figure);
      view.addEventListener('click', (event, item) => {
        if (item && item.datum && item.datum.target) openElement(document.getElementById(item.datum.target));
      });
      figure.view = view;
      figure.dataset.drawn = 'true';
    } catch (error) {
      figure.dataset.drawn = 'failed';
      plot.textContent = `This chart could not be drawn: ${error.message}`;
      console.error(error);
    }
  };

  const figures = () => [...document.querySelectorAll('figure.chart')];
  const isShown = (figure) => !figure.parentElement.closest('details:not([open])');
  const drawMissing = () => figures().filter((figure) => !figure.view && isShown(figure)).forEach(draw);
  const drawAgain = () => figures().filter((figure) => figure.view).forEach(draw);

  document.addEventListener('toggle', drawMissing, true);
  dark.addEventListener('change', drawAgain);
  addEventListener('pointerdown', () => { tip.hidden = true; });
  addEventListener('scroll', () => { tip.hidden = true; }, true);

  // Paper shows everything, and what was closed is closed again.
  let opened = [];
  addEventListener('beforeprint', () => {
    if (printing) return;
    printing = true;
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const one of opened) one.open = true;
  });
  addEventListener('afterprint', () => {
    printing = false;
    for (const one of opened) one.open = false;
  });

  const openTarget = () => {
    if (location.hash.length > 1) openElement(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  };
  addEventListener('hashchange', openTarget);

  for (const field of document.querySelectorAll('input[data-filters]')) {
    const rows = [...document.getElementById(field.dataset.filters).tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    field.addEventListener('input', () => {
      const wanted = field.value.toLowerCase();
      rows.forEach((row, index) => { row.hidden = !texts[index].includes(wanted); });
    });
  }

  openTarget();
  drawMissing();
})();
