// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/settingsfile.h"
#include "tests/support/patience.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace pulsedeck {

class SettingsFileTest : public QObject
{
    Q_OBJECT

private slots:
    /// What a handle that is dragged does: a value, and the event loop again.
    void manyChangesAreWrittenOnce()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"pulsedeck.ini"_s);
        SettingsFile settings(path, QSettings::IniFormat);
        // The clock is only looked at for not being slower than the delay: on a machine that stands still nothing is said.
        QElapsedTimer since;
        since.start();
        for (int i = 1; i <= 50; ++i) {
            settings.setValue(u"splitters/width"_s, i);
            QCoreApplication::processEvents();
            if (since.elapsed() < SettingsFile::writtenAfterMs)
                QVERIFY(!QFileInfo::exists(path));
        }
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(path), patience);
        QCOMPARE(QSettings(path, QSettings::IniFormat).value(u"splitters/width"_s).toInt(), 50);
        // And again after it was written.
        settings.setValue(u"splitters/width"_s, 51);
        QTRY_COMPARE_WITH_TIMEOUT(QSettings(path, QSettings::IniFormat).value(u"splitters/width"_s).toInt(), 51, patience);
    }

    void whatWaitsIsWrittenAtTheEnd()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"pulsedeck.ini"_s);
        {
            SettingsFile settings(path, QSettings::IniFormat);
            settings.setValue(u"page"_s, u"timeline"_s);
            QCoreApplication::processEvents();
        }
        QCOMPARE(QSettings(path, QSettings::IniFormat).value(u"page"_s).toString(), u"timeline"_s);
    }

    void syncWritesAtOnce()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"pulsedeck.ini"_s);
        SettingsFile settings(path, QSettings::IniFormat);
        settings.setValue(u"page"_s, u"fleet"_s);
        settings.sync();
        QVERIFY(QFileInfo::exists(path));
    }
};

} // namespace pulsedeck

using pulsedeck::SettingsFileTest;
PULSEDECK_TEST(SettingsFileTest, pulsedeck::runWithEvents)
#include "settingsfile_test.moc"
