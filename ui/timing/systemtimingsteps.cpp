// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/systemtimingsteps.h"

#include "models/fleet/fleetstore.h"
#include "models/timing/systemtiming.h"
#include "ui/common/selfdeleting.h"
#include "ui/timing/timingdraft.h"
#include "ui/timing/timingnotes.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SystemTimingSteps::SystemTimingSteps(const FleetStore &store, const TimingSubject &subject, TimingNotes &notes, QWidget &page)
    : QObject(&page)
    , m_store(store)
    , m_subject(subject)
    , m_notes(notes)
    , m_page(page)
{ }

QString SystemTimingSteps::text() const
{
    const TimingDraft &draft = *m_subject.draft;
    return systemTimingText(draft.library(), draft.base(), draft.profile(), draft.check(), m_store.sourceName(m_subject.source))
           + u'\n' + cannotSetText(draft.library()) + u'\n';
}

void SystemTimingSteps::copy()
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    QGuiApplication::clipboard()->setText(text());
    m_notes.setNote(TimingNotes::News, Glyph::Ok, tr("What is to be changed, and where, was copied."), tr("Close"));
}

void SystemTimingSteps::chooseFile()
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    auto *dialog = selfDeleting(new QFileDialog(&m_page, tr("Export the values"), {}, tr("Text (*.txt);;All files (*)")));
    dialog->setObjectName(u"exportTimingDialog"_s);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &SystemTimingSteps::writeTo);
    dialog->open();
}

void SystemTimingSteps::writeTo(const QString &path)
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    const QByteArray bytes = text().toUtf8();
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    const QString name = QFileInfo(path).fileName();
    m_notes.setNote(TimingNotes::News, written ? Glyph::Ok : Glyph::Error,
                    written ? tr("The values were written to %1.").arg(name)
                            : tr("%1 could not be written: %2.").arg(name, file.errorString()),
                    tr("Close"));
}

} // namespace pulsedeck
