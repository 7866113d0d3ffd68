// Libraries that draw graphs, with marks that move along edges as their documentation shows it: `draw`, which runs in
// the page, gets a graph of nodes with places and of edges, and moves marks along those edges that are marked.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);
const built = (name) => join(dirname(resolve(name)), `${name}.min.js`);

/** Dashes whose offset grows with every frame. Straight edges, which are its quickest with an arrowhead. */
function withCytoscape({ nodes, edges }) {
  const graph = cytoscape({
    container: document.querySelector("#graph"),
    layout: { name: "preset", fit: false },
    elements: [
      ...nodes.map(({ id, name, x, y }) => ({ data: { id, name }, position: { x, y } })),
      ...edges.map(({ from, to, marked }) => ({
        data: { source: from, target: to },
        classes: marked ? "marked" : "",
      })),
    ],
    style: [
      { selector: "node", style: { label: "data(name)", width: 24, height: 24, "font-size": 10 } },
      { selector: "edge", style: { width: 1.5, "curve-style": "straight", "target-arrow-shape": "triangle" } },
      { selector: ".marked", style: { "line-style": "dashed" } },
    ],
  });
  const marked = graph.edges(".marked");
  let offset = 0;
  const move = () => {
    offset--;
    marked.style("line-dash-offset", offset);
    requestAnimationFrame(move);
  };
  move();
}

/** Particles, and nodes that stay where they are. It draws no names of its own. */
function withForceGraph({ nodes, edges, width, height }) {
  new ForceGraph(document.querySelector("#graph"))
    .width(width)
    .height(height)
    .cooldownTicks(0)
    .graphData({
      nodes: nodes.map(({ id, name, x, y }) => ({ id, name, fx: x, fy: y })),
      links: edges.map(({ from, to, marked }) => ({ source: from, target: to, marked })),
    })
    .linkDirectionalArrowLength(4)
    .linkDirectionalParticles(({ marked }) => (marked ? 1 : 0))
    .zoom(1)
    .centerAt(width / 2, height / 2);
}

/** Each with the file that it is loaded from. */
export const peers = {
  "cytoscape.js": { file: built("cytoscape"), draw: withCytoscape },
  "force-graph": { file: built("force-graph"), draw: withForceGraph },
};
