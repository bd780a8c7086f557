"""Goes the way of a school's secretary at /console in a headless Chromium: sign in, check a broken workbook, mend it,
send it, and see the finding go; each page is held against axe-core where that is had, in both languages, light and dark,
wide and narrow.

check.py CHROMIUM URL CLIENT-ID CLIENT-SECRET FOLDER [AXE.JS]; pictures of every page go to FOLDER.
"""

import os
import sys
import tempfile
import time

import workbook
from browser import Browser

program, url, client_id, client_secret, folder = sys.argv[1:6]
axe = open(sys.argv[6], encoding="utf-8").read() if len(sys.argv) > 6 else None
os.makedirs(folder, exist_ok=True)
files = tempfile.mkdtemp(dir=folder)

HEADINGS = ["Mã trường", "Năm học", "Mã lớp", "Tên lớp", "Khối", "Giáo viên chủ nhiệm"]
SCHOOL, YEAR, TEACHER = "31000501", "2025-2026", "3100000123"
FINDING = "CL-006"
WINDOWS = [(1280, 900, False), (390, 844, True)]


def classes(name, grade, teacher):
    path = os.path.join(files, name)
    workbook.write(path, "Lớp", [HEADINGS, [SCHOOL, YEAR, "6A1", "6A1", grade, teacher]])
    return path


def judge(page):
    """What axe-core finds wrong with the page, and whether it fits its window."""
    wide = page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} pixels wider than its window"
    if axe is None:
        return
    page.run(axe + ";0")
    options = "{resultTypes: ['violations']}"
    found = page.run(
        f"axe.run(document, {options}).then((all) => all.violations.map((one) => "
        "one.id + ': ' + one.help + '\\n' + one.nodes.map((node) => '  ' + node.html).join('\\n')))"
    )
    assert not found, "\n".join(found)


def look(page, name):
    """Looks at the page in each language, colour scheme and width."""
    for language in ("en", "vi"):
        page.press("English" if language == "en" else "Tiếng Việt")
        assert page.run("document.documentElement.lang") == language
        for width, height, mobile in WINDOWS:
            for dark in (False, True):
                page.window(width, height, dark, mobile)
                judge(page)
                kind = f"{width}-{'dark' if dark else 'light'}-{language}"
                page.picture(os.path.join(folder, f"{name}-{kind}.png"))
    page.window(1280, 900)


def send(page, path):
    page.open(f"{url}/console")
    page.choose("#file", path)
    page.press("Kiểm tra tệp")
    page.until("!document.querySelector('[data-waits]')", "the end of the check")


def finding(page, stands):
    end = time.monotonic() + 60
    while (FINDING in (page.open(f"{url}/console/findings"), page.text())[1]) != stands:
        assert time.monotonic() < end, page.text()
        time.sleep(0.5)


def sign_in(page):
    page.open(f"{url}/console")
    assert page.run("location.pathname") == "/console/sign-in"
    look(page, "sign-in")
    page.fill("#client", client_id)
    page.fill("#secret", "wrong")
    page.press("Đăng nhập")
    assert "không đúng" in page.text(), page.text()
    look_once(page, "sign-in-wrong")
    # By keyboard alone: the field is chosen already.
    page.run("document.querySelector('#secret').focus(); 0")
    page.call("Input.insertText", text=client_secret)
    page.leave(lambda: page.key("Enter", 13))
    assert page.run("location.pathname") == "/console", page.text()


def look_once(page, name):
    judge(page)
    page.picture(os.path.join(folder, f"{name}.png"))


def way(page):
    sign_in(page)
    look(page, "home-empty")
    # A class that has lost its homeroom teacher: sound, but a finding.
    send(page, classes("lop-6.xlsx", "06", ""))
    assert "Tệp đạt" in page.text(), page.text()
    look(page, "sound")
    page.press("Gửi chính thức")
    page.until("!document.querySelector('[data-waits]')", "the end of the work")
    assert "Đã lưu" in page.text(), page.text()
    look(page, "kept")
    finding(page, True)
    look(page, "findings")

    send(page, classes("lop-6-hong.xlsx", "99", TEACHER))
    text = page.text()
    assert "còn lỗi" in text and "Khối" in text and "99" in text, text
    look(page, "broken")
    finding(page, True)

    send(page, classes("lop-6-sua.xlsx", "06", TEACHER))
    assert "Tệp đạt" in page.text(), page.text()
    page.press("Gửi chính thức")
    page.until("!document.querySelector('[data-waits]')", "the end of the work")
    finding(page, False)
    look(page, "findings-none")

    page.open(f"{url}/console/submissions")
    look(page, "submissions")
    page.open(f"{url}/console")
    look(page, "home")
    page.open(f"{url}/console/submissions/none")
    look_once(page, "unknown")
    without_scripts(page)
    page.open(f"{url}/console")
    page.press("Đăng xuất")
    assert page.run("location.pathname") == "/console/sign-in"


def without_scripts(page):
    """The same by plain forms: the page asks for itself again until the work is done."""
    page.open(f"{url}/console")
    page.scripts(False)
    page.choose("#file", classes("lop-6-khong-script.xlsx", "06", TEACHER))
    # What the protocol runs still runs; scripts of the page and what they leave for later do not.
    page.leave(lambda: page.run("document.querySelector('form[data-upload]').requestSubmit(); 0"))
    page.until("document.body.innerText.includes('Tệp đạt')", "the end of the check without scripts")
    page.scripts(True)


page = Browser(program)
try:
    page.window(1280, 900)
    way(page)
finally:
    page.close()
print(f"The way of a secretary holds{'' if axe else ', axe-core not asked'}.")
