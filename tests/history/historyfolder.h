// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace pulsedeck {

/// A test with a history file, in a folder that is a new one for each of its functions.
class HistoryFolderTest : public QObject
{
    Q_OBJECT

protected:
    QString path() const { return m_folder->filePath(QStringLiteral("history.sqlite")); }

    static constexpr qint64 m_start = 1'800'000'000'000 / 300'000 * 300'000; ///< Where a segment begins.
    std::unique_ptr<QTemporaryDir> m_folder;

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }
    void cleanup() { m_folder.reset(); }
};

} // namespace pulsedeck
