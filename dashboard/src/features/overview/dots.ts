import { grid } from 'virtual:world-dots';

/** Every dot of land as one path, whose round ends are the dots. */
export function landPath(): string {
  const bits = atob(grid.bits);
  let path = '';
  for (let row = 0; row < grid.rows; row += 1)
    for (let column = 0; column < grid.columns; column += 1) {
      const bit = row * grid.columns + column;
      if ((bits.charCodeAt(bit >> 3) & (1 << (bit & 7))) === 0) continue;
      const x = (column + (row % 2) / 2 + 0.25) * grid.step;
      path += `M${x.toFixed(1)} ${((row + 0.5) * grid.row).toFixed(1)}h0`;
    }
  return path;
}
