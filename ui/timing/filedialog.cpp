// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/filedialog.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FileDialog::FileDialog(TimingFiles &files, const TimingFileAnswer &proposal, const QString &blocked, QWidget *parent)
    : QDialog(parent)
    , m_files(files)
    , m_proposal(proposal)
    , m_blocked(blocked)
    , m_diff(new QListWidget(this))
    , m_state(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_write(new QPushButton(tr("Write the file"), this))
    , m_close(new QPushButton(tr("Cancel"), this))
{
    setObjectName(u"timingFileDialog"_s);
    setWindowTitle(tr("Export to %1").arg(QFileInfo(proposal.path).fileName()));
    const Theme &t = Theme::instance();
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(t.scaled(8));
    auto *path = new ToneLabel(proposal.path, ToneLabel::Tone::Text, ToneLabel::Face::Bold, this);
    path->setElideMode(Qt::ElideMiddle);
    layout->addWidget(path);
    auto *what = new ToneLabel(tr("Only these values are changed, in the unit of each; comments and order stay. The "
                                  "old file is kept as a backup."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    what->setWordWrap(true);
    layout->addWidget(what);
    m_diff->setObjectName(u"fileDiff"_s);
    m_diff->setAccessibleName(tr("Changed lines"));
    m_diff->setFont(t.idFont());
    m_diff->setSelectionMode(QAbstractItemView::NoSelection);
    layout->addWidget(m_diff, 1);
    fillDiff();
    QStringList notes;
    for (const TimingFileText::Problem &problem : proposal.file.problems)
        notes.append(tr("Line %1: %2").arg(problem.line).arg(problem.text));
    if (!proposal.notHeld.empty())
        notes.append(tr("Not held by this file:"));
    for (const QString &text : proposal.notHeld)
        notes.append(QString(u"· "_s + text));
    if (!notes.isEmpty()) {
        auto *list = new ToneLabel(notes.join(u'\n'), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
        list->setObjectName(u"fileNotes"_s);
        list->setWordWrap(true);
        layout->addWidget(list);
    }
    m_state->setObjectName(u"fileState"_s);
    m_state->setWordWrap(true);
    layout->addWidget(m_state);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    m_write->setObjectName(u"fileWrite"_s);
    m_write->setAutoDefault(false);
    m_close->setAutoDefault(false);
    setButtonRole(m_write, ButtonRole::Primary);
    buttons->addWidget(m_close);
    buttons->addWidget(m_write);
    layout->addLayout(buttons);
    const bool same = proposal.proposed == proposal.file.text;
    m_write->setEnabled(blocked.isEmpty() && !same);
    if (!blocked.isEmpty()) {
        m_state->setTone(ToneLabel::Tone::Stale);
        m_state->setText(blocked);
    } else if (same) {
        m_state->setText(tr("The file holds these values already."));
    }
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_write, &QPushButton::clicked, this, [this] {
        m_write->setEnabled(false);
        m_state->setText(tr("Writing…"));
        m_token = m_files.write(m_proposal);
    });
    connect(&m_files, &TimingFiles::answered, this, &FileDialog::takeAnswer);
    resize(t.scaled(640), t.scaled(460));
    m_close->setFocus();
}

void FileDialog::fillDiff()
{
    int before = -1;
    for (const TimingDiffLine &line : m_proposal.diff) {
        const bool added = line.kind == TimingDiffLine::Kind::Added;
        const bool removed = line.kind == TimingDiffLine::Kind::Removed;
        // Where lines are left out between two changes, that is seen.
        if (!added && before >= 0 && line.line > before + 1)
            m_diff->addItem(u"      …"_s);
        if (!added)
            before = line.line;
        const QString mark = added ? u"+"_s : removed ? u"−"_s : u" "_s;
        auto *item = new QListWidgetItem(
            u"%1 %2  %3"_s.arg(mark, QString::number(line.line).rightJustified(4), line.text), m_diff);
        item->setForeground(added ? theme().alive : removed ? theme().stale : theme().dim);
        item->setData(Qt::AccessibleTextRole, added     ? tr("added: %1").arg(line.text)
                                              : removed ? tr("removed: %1").arg(line.text)
                                                        : line.text);
    }
    if (m_diff->count() == 0)
        m_diff->addItem(tr("No line changes."));
}

void FileDialog::takeAnswer(const TimingFileAnswer &answer)
{
    if (m_token == 0 || answer.token != m_token)
        return;
    m_token = 0;
    if (answer.ok) {
        emit written(answer.path, answer.backup);
        accept();
        return;
    }
    // What it was made from may be gone: the file has to be looked at anew, by choosing it again.
    m_state->setTone(ToneLabel::Tone::Stale);
    m_state->setText(answer.error);
    m_close->setText(tr("Close"));
}

} // namespace pulsedeck
