// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/hubprotocol.h"
#include "tests/gui/connectparts.h"
#include "tests/support/memorysecretstore.h"
#include "ui/theme/style.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTest>

namespace pulsedeck {

/// Looks like a hub's and is none.
inline const QString hubToken = QStringLiteral("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcHMifQ.c2lnbmF0dXJl");

inline void paste(QLineEdit *field, const QString &text)
{
    field->setFocus();
    QGuiApplication::clipboard()->setText(text);
    QTest::keySequence(field, QKeySequence::SelectAll);
    QTest::keySequence(field, QKeySequence::Paste);
}

inline void choose(const QDialog &dialog, const char *name)
{
    auto *segment = part<QPushButton>(dialog, name);
    QTest::mouseClick(segment, Qt::LeftButton);
    QVERIFY(segment->isChecked());
}

/// A hub that was set up before, for editing.
inline SourceSettings knownHub(TokenFrom from)
{
    HubAddress address;
    address.host = QStringLiteral("hub.example.net");
    address.tls = true;
    address.port = 443;
    SourceSettings settings = hubSettings(address);
    settings.id = 4;
    settings.name = QStringLiteral("hub eu-1");
    settings.tokenFrom = from;
    if (from == TokenFrom::Typed)
        settings.token = hubToken;
    return settings;
}

} // namespace pulsedeck
