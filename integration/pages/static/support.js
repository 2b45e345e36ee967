// Chooses the visitor's own time zone in the form to people, where it is among those listed and none is chosen yet.

const zones = document.getElementById("zone");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (!zones.value && [...zones.options].some((one) => one.value === own)) zones.value = own;
