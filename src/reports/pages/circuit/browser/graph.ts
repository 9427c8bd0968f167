import { byId, shape } from '../../browser/dom.js';
import type { PageData } from '../page-data.js';

export interface Graph {
  /** Marks a module and its links; undefined marks none. */
  mark(module: number | undefined): void;
  /** Shows which modules stay. */
  keep(kept: ReadonlySet<number>): void;
  focus(module: number): void;
}

export interface GraphEvents {
  look(module: number | undefined): void;
  choose(module: number): void;
  /** A key was pressed on a module; whether it meant something. */
  key(module: number, key: string): boolean;
}

const [width, height, margin] = [640, 520, 44];

/** Draws modules at the centres of their attention, as large as their degrees, and their links. */
export function drawGraph({ modules, edges }: PageData, events: GraphEvents): Graph {
  const svg = byId<SVGSVGElement>('graph');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const places = spread(modules.map(({ x, y }) => [x, y]));
  const most = Math.max(1e-9, ...modules.map(({ degree }) => degree ?? 0));
  const lines = edges.map(([a, b, p]) => {
    const [from, to] = [places[a]!, places[b]!];
    return shape('line', {
      class: 'link',
      x1: from[0],
      y1: from[1],
      x2: to[0],
      y2: to[1],
      'stroke-opacity': (0.15 + 0.6 * p).toFixed(2),
    });
  });
  const nodes = modules.map(({ degree, community }, module) => {
    const [x, y] = places[module]!;
    const radius = degree === null ? 9 : 6 + 10 * Math.sqrt(degree / most);
    const words = degree === null ? `module ${module}` : `module ${module}, degree ${degree.toFixed(2)}`;
    const node = shape(
      'g',
      {
        class: 'module',
        role: 'button',
        tabindex: -1,
        transform: `translate(${x} ${y})`,
        'aria-label': words,
      },
      shape('circle', { r: radius, class: `community c${(community ?? 0) % 7}` }),
      shape('text', { 'text-anchor': 'middle', dy: '0.35em' }, String(module)),
    );
    node.addEventListener('pointerenter', () => events.look(module));
    node.addEventListener('pointerleave', () => events.look(undefined));
    node.addEventListener('click', () => events.choose(module));
    node.addEventListener('focus', () => events.choose(module));
    node.addEventListener('keydown', (event) => {
      if (events.key(module, event.key)) event.preventDefault();
    });
    return node;
  });
  svg.append(...lines, ...nodes);
  return {
    mark(module) {
      for (const [at, node] of nodes.entries()) {
        node.classList.toggle('marked', at === module);
        node.setAttribute('tabindex', at === (module ?? 0) ? '0' : '-1');
      }
      for (const [at, [a, b]] of edges.entries())
        lines[at]!.classList.toggle('marked', a === module || b === module);
    },
    keep(kept) {
      for (const [at, node] of nodes.entries()) node.classList.toggle('gone', !kept.has(at));
      for (const [at, [a, b]] of edges.entries())
        lines[at]!.classList.toggle('gone', !(kept.has(a) && kept.has(b)));
    },
    focus: (module) => nodes[module]!.focus(),
  };
}

/** Places in the drawing that fill it, both axes by their own measure; what coincides is moved apart a little. */
function spread(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const scale = (axis: 0 | 1, length: number) => {
    const values = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value: number) =>
      high === low ? length / 2 : margin + ((value - low) / (high - low)) * (length - 2 * margin);
  };
  const [x, y] = [scale(0, width), scale(1, height)];
  const placed: [number, number][] = points.map((point) => [x(point[0]), y(point[1])]);
  for (let round = 0; round < 30; round++) {
    for (const [at, a] of placed.entries()) {
      for (const b of placed.slice(at + 1)) {
        const [dx, dy] = [b[0] - a[0] || 0.1, b[1] - a[1] || 0.1];
        const near = 22 - Math.hypot(dx, dy);
        if (near <= 0) continue;
        const length = Math.hypot(dx, dy);
        const [mx, my] = [(dx / length) * (near / 2), (dy / length) * (near / 2)];
        a[0] -= mx;
        a[1] -= my;
        b[0] += mx;
        b[1] += my;
      }
    }
  }
  const clamp = (value: number, length: number) => Math.min(length - 18, Math.max(18, value));
  return placed.map(([a, b]) => [clamp(a, width), clamp(b, height)] as const);
}
