import { shape } from '../../../browser/dom.js';

/** Outlines in a square from −1 to 1, of methods in their order: no two look alike without colour. */
const outlines: readonly string[] = [
  star(5),
  'M-.85-.85H.85V.85H-.85Z',
  'M0-1.15L1.15 0L0 1.15L-1.15 0Z',
  'M0-1L1 .8H-1Z',
  'M0 1L1-.8H-1Z',
  'M-.35-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z',
  'M-1 0L-.5-.87H.5L1 0L.5.87H-.5Z',
  'M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z',
  'M-1-.35H1V.35H-1Z',
  'M-.35-1H.35V1H-.35Z',
  'M-1-.6L-.6-1L0-.4L.6-1L1-.6L.4 0L1 .6L.6 1L0 .4L-.6 1L-1 .6L-.4 0Z',
  'M0-1L.95-.31L.59.81H-.59L-.95-.31Z',
  'M1-1V1L-1 0Z',
  'M-1-1V1L1 0Z',
];

/** The mark of a method, by its place among the methods. */
export function drawMark(method: number, x: number, y: number, size: number): SVGPathElement {
  return shape('path', {
    class: `mark m${method}`,
    d: outlines[method % outlines.length]!,
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})`,
    'vector-effect': 'non-scaling-stroke',
  });
}

function star(points: number): string {
  const corners = Array.from({ length: 2 * points }, (_, at) => {
    const [angle, radius] = [(Math.PI * at) / points - Math.PI / 2, at % 2 === 0 ? 1.25 : 0.55];
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${corners.join('L')}Z`;
}
