// Where the list of messages stands: at the newest unless someone went up, and where it was when older ones come.
import { loadOlder } from "../state/places.js";
import { change, state } from "../state/store.js";
import { useEffect, useLayoutEffect, useRef, useState } from "../base/ui.js";

const NEAR = 80, EARLY = 400; // px

const fromEnd = ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight;

// Fetches older messages when the top comes near, and keeps what is seen where it is.
function useOlder(box, older) {
  const fetching = useRef(false);
  return async () => {
    if (box.current.scrollTop > EARLY || fetching.current || !older) return;
    fetching.current = true;
    const end = fromEnd(box.current);
    await loadOlder().catch(() => null); // the stream tells that the sandbox is gone
    box.current.scrollTop += fromEnd(box.current) - end; // they are drawn by now: Preact draws before this goes on
    fetching.current = false;
  };
}

// How many messages came since the last drawing.
function useFresh(messages) {
  const last = useRef(null);
  const fresh = last.current === null || !messages ? 0 : messages.filter((each) => BigInt(each.id) > BigInt(last.current)).length;
  useLayoutEffect(() => {
    last.current = messages ? messages.at(-1)?.id || "0" : null;
  }, [messages]);
  return fresh;
}

// `missed`: messages that came while someone looked further up; `far`: more than two screens up.
export function useScrolling({ box, list, messages, channel, older }) {
  const stuck = useRef(true), seen = useRef({ scrollTop: 0, scrollHeight: 0, clientHeight: 0, clientWidth: 0 });
  const [missed, setMissed] = useState(0), [far, setFar] = useState(false);
  const fetchOlder = useOlder(box, older), fresh = useFresh(messages);
  const note = () => {
    const { scrollTop, scrollHeight, clientHeight, clientWidth } = box.current;
    seen.current = { scrollTop, scrollHeight, clientHeight, clientWidth };
  };
  // Someone went up, further than the browser moves what is seen when the composer below shrinks. In another width all
  // is of another height, and where it is scrolled to says nothing.
  const wentUp = () => {
    const { scrollTop, scrollHeight, clientHeight, clientWidth } = box.current, before = seen.current;
    if (clientWidth !== before.clientWidth) return false;
    const moved = Math.min(before.scrollHeight, scrollHeight) - Math.max(before.clientHeight, clientHeight);
    return scrollTop < Math.min(before.scrollTop, moved) - 1 && fromEnd(box.current) >= NEAR;
  };
  const stay = () => {
    if (wentUp()) stuck.current = false; // and the event that tells so is still on its way
    if (stuck.current) box.current.scrollTop = box.current.scrollHeight;
    note();
  };
  const toEnd = () => {
    stuck.current = true;
    seen.current.scrollTop = 0;
    setMissed(0);
    stay();
  };
  useLayoutEffect(toEnd, [channel]);
  useLayoutEffect(stay); // after every drawing: of two changes between looks the first would pass for someone's going up
  useLayoutEffect(() => {
    if (!stuck.current && fresh) setMissed((count) => count + fresh);
  }, [messages]);
  useEffect(() => {
    const grown = new ResizeObserver(stay);
    grown.observe(list.current);
    grown.observe(box.current);
    return () => grown.disconnect();
  }, []);
  const onScroll = () => {
    const end = fromEnd(box.current);
    if (end < NEAR) stuck.current = true;
    else if (wentUp()) stuck.current = false;
    note();
    if (state.atEnd !== stuck.current) change({ atEnd: stuck.current });
    if (stuck.current) setMissed(0);
    setFar(end > 2 * box.current.clientHeight);
    fetchOlder();
  };
  return { missed, far, toEnd, onScroll };
}
