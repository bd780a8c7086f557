"""A headless Chromium, driven by the DevTools protocol over its pipe: no driver and no package is needed."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

PATIENCE = 60


class Browser:
    def __init__(self, program):
        self._folder = tempfile.mkdtemp(prefix="school-gateway-browser.")
        from_us, self._out = os.pipe()
        self._in, to_us = os.pipe()
        command = (
            '"$0" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run '
            '--remote-debugging-pipe --user-data-dir="$1" about:blank 3<&"$2" 4>&"$3"'
        )
        arguments = [program, self._folder, str(from_us), str(to_us)]
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", "exec " + command, *arguments],
            pass_fds=(from_us, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self._read, self._number, self._session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("DOM.enable")

    def close(self):
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _message(self):
        while b"\0" not in self._read:
            part = os.read(self._in, 1 << 16)
            if not part:
                raise RuntimeError("Chromium ended")
            self._read += part
        message, self._read = self._read.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self._number += 1
        request = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            request["sessionId"] = self._session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        while True:
            message = self._message()
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def run(self, script):
        """The value of a script in the page."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def until(self, script, what):
        """Waits until a script is true, also while pages come and go."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if self.run(script):
                    return
            except RuntimeError as error:
                if "context" not in str(error).lower():
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"{what} does not come: {self.text()}")
            time.sleep(0.1)

    def open(self, address):
        self.leave(lambda: self.call("Page.navigate", url=address))

    def leave(self, act):
        """Does what leads to another page, and waits for that."""
        self.run("window.isOld = true")
        act()
        self.until("!window.isOld && document.readyState === 'complete'", "the next page")

    def text(self):
        return self.run("document.body.innerText")

    def press(self, words):
        """Presses the button or link of these words, and waits for the page to which it leads."""
        wanted = json.dumps(words)
        find = f"[...document.querySelectorAll('button,a')].find((one) => one.textContent.trim().startsWith({wanted}))"
        assert self.run(f"!!({find})"), f"no {words} in: {self.text()}"
        # Later, for the page is gone before its script could answer.
        self.leave(lambda: self.run(f"const pressed = {find}; setTimeout(() => pressed.click()); 0"))

    def fill(self, field, text):
        self.run(f"document.querySelector({json.dumps(field)}).value = {json.dumps(text)}; 0")

    def choose(self, field, path):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=field)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[path])

    def key(self, name, code):
        for kind in ("rawKeyDown", "char", "keyUp"):
            text = {"text": "\r"} if name == "Enter" and kind == "char" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=name, windowsVirtualKeyCode=code, **text)

    def window(self, width, height, dark=False, mobile=False):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def scripts(self, run):
        self.call("Emulation.setScriptExecutionDisabled", value=not run)

    def picture(self, path):
        image = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))
