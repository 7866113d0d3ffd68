// The sizes that the page has to fit, and how one gets around on the smallest.

/** Windows, in CSS pixels: a laptop's, a projector's, a phone's. */
export const sizes = {
  desktop: { width: 1440, height: 900 },
  projector: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
};

/** Turns to a part of the page where there is room for one below the sky. */
export const turn = (page, sheet) =>
  page.getByRole("navigation", { name: "Parts" }).getByRole("button", { name: sheet }).click();
