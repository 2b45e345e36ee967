// Slack's names for the emoji that people and apps write most; any other name stays as it was written.

const NAMES = `
wave 👋 eyes 👀 tada 🎉 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ warning ⚠️ no_entry ⛔
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪 point_right 👉 point_left 👈
point_up ☝️ point_down 👇 raised_hand ✋ raising_hand 🙋 handshake 🤝 bulb 💡 link 🔗 lock 🔒 unlock 🔓 key 🔑 mag 🔍
hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ calendar 📅 date 📅 spiral_calendar_pad 🗓️
telephone_receiver 📞 phone ☎️ iphone 📱 computer 💻 video_camera 📹 movie_camera 🎥 camera 📷 microphone 🎤
headphones 🎧 tv 📺 books 📚 book 📖 memo 📝 pencil ✏️ pencil2 ✏️ email ✉️ envelope ✉️ inbox_tray 📥 outbox_tray 📤
paperclip 📎 pushpin 📌 clipboard 📋 page_facing_up 📄 file_folder 📁 bar_chart 📊 chart_with_upwards_trend 📈
question ❓ grey_question ❔ exclamation ❗ grey_exclamation ❕ information_source ℹ️ gear ⚙️ wrench 🔧 hammer 🔨
rocket 🚀 fire 🔥 zap ⚡ sparkles ✨ star ⭐ boom 💥 100 💯 trophy 🏆 gift 🎁 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 laughing 😆 slightly_smiling_face 🙂 blush 😊 wink 😉 sunglasses 😎
heart_eyes 😍 thinking_face 🤔 neutral_face 😐 confused 😕 disappointed 😞 cry 😢 sob 😭 angry 😠 rage 😡 scream 😱
sweat_smile 😅 upside_down_face 🙃 face_with_rolling_eyes 🙄 shrug 🤷 facepalm 🤦 heart ❤️ broken_heart 💔
blue_heart 💙 green_heart 💚 speech_balloon 💬 thought_balloon 💭 bust_in_silhouette 👤 busts_in_silhouette 👥
robot_face 🤖 bug 🐛 coffee ☕ sunny ☀️ earth_americas 🌎 globe_with_meridians 🌐 house 🏠 office 🏢 ticket 🎫
large_green_circle 🟢 red_circle 🔴 large_yellow_circle 🟡 large_orange_circle 🟠 large_blue_circle 🔵 white_circle ⚪
black_circle ⚫ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrows_counterclockwise 🔄 repeat 🔁 sos 🆘
new 🆕 ok 🆗 soon 🔜 end 🔚 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ construction 🚧 rotating_light 🚨 shield 🛡️
`;

const EMOJI = new Map([...NAMES.matchAll(/(\S+) (\S+)/g)].map(([, name, sign]) => [name, sign]));
// Slack has a clock for each half hour, clock1 to clock12 and clock130 to clock1230; they follow each other in Unicode.
for (let hour = 1; hour <= 12; hour += 1) {
  EMOJI.set(`clock${hour}`, String.fromCodePoint(0x1f54f + hour));
  EMOJI.set(`clock${hour}30`, String.fromCodePoint(0x1f55b + hour));
}

/** A text with `:names:` as emoji; a skin tone that follows one is left out. */
export const emoji = (text) =>
  text.replace(/:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/g, (all, name) => EMOJI.get(name) ?? all);
