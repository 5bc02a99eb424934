// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/comparedialog.h"

#include "ui/common/buttons.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timing/askforfile.h"
#include "ui/timing/timingwords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

CompareDialog::CompareDialog(const TimingLibrary &library, std::vector<Choice> choices, int left, int right, TimingFiles *files,
                             QWidget *parent)
    : QDialog(parent)
    , m_choices(std::move(choices))
    , m_files(files)
    , m_left(new QComboBox(this))
    , m_right(new QComboBox(this))
    , m_onlyDifferent(new QCheckBox(tr("Only what differs"), this))
    , m_table(new ProfileTable(library, this))
    , m_words(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
{
    setObjectName(u"compareDialog"_s);
    setWindowTitle(tr("Compare timing"));
    m_left->setObjectName(u"compareLeft"_s);
    m_right->setObjectName(u"compareRight"_s);
    m_left->setAccessibleName(tr("Left profile"));
    m_right->setAccessibleName(tr("Right profile"));
    m_words->setObjectName(u"compareWords"_s);
    m_words->setWordWrap(true);
    for (QComboBox *box : {m_left, m_right}) {
        for (const Choice &choice : m_choices)
            box->addItem(choice.name);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(18);
    }
    m_left->setCurrentIndex(left);
    m_right->setCurrentIndex(right);
    auto *head = new QHBoxLayout;
    head->addWidget(m_left, 1);
    head->addWidget(new ToneLabel(u"→"_s, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this));
    head->addWidget(m_right, 1);
    if (m_files) {
        auto *file = plainButton(tr("A file…"), u"compareFile"_s, this);
        file->setToolTip(tr("Read the values of a .env or wrangler file and show them on the right"));
        connect(file, &QPushButton::clicked, this, &CompareDialog::chooseFile);
        connect(m_files, &TimingFiles::answered, this, &CompareDialog::takeFile);
        head->addWidget(file);
    }
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(head);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_words);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_onlyDifferent);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    foot->addWidget(buttons, 1);
    layout->addLayout(foot);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_onlyDifferent, &QCheckBox::toggled, this, &CompareDialog::review);
    for (QComboBox *box : {m_left, m_right})
        connect(box, &QComboBox::currentIndexChanged, this, &CompareDialog::review);
    review();
    resize(px(600), sizeHint().height());
    m_left->setFocus();
}

void CompareDialog::review()
{
    const Choice &left = m_choices[size_t(qMax(0, m_left->currentIndex()))];
    const Choice &right = m_choices[size_t(qMax(0, m_right->currentIndex()))];
    m_table->showProfiles({{left.name, left.profile}, {right.name, right.profile}}, m_onlyDifferent->isChecked());
    const int count = differenceCount(left.profile, right.profile);
    const QString words = count == 0 ? tr("Both have the same values.") : tr("%Ln value(s) (differs/differ).", nullptr, count);
    m_words->setText(QString(words + u' ' + trafficSentence(left.profile, right.profile)).trimmed());
    m_table->setAccessibleName(tr("%1 compared with %2").arg(left.name, right.name));
}

void CompareDialog::chooseFile()
{
    askForFile(this, tr("Read timing values"), {}, [this](const QString &path) { m_token = m_files->read(path); });
}

void CompareDialog::takeFile(const TimingFileAnswer &answer)
{
    if (answer.token != m_token || m_token == 0)
        return;
    m_token = 0;
    if (!answer.ok) {
        m_words->setText(answer.error);
        return;
    }
    const QString file = QFileInfo(answer.path).fileName();
    const TimingProfile left = m_choices[size_t(qMax(0, m_left->currentIndex()))].profile;
    const int first = m_right->count();
    const QStringList profiles = answer.file.profiles();
    for (const QString &environment : profiles) {
        // Values the file does not set are those on the left, so that they show no difference.
        const QString name = profiles.size() == 1    ? file
                             : environment.isEmpty() ? tr("%1, top level").arg(file)
                                                     : tr("%1, %2").arg(file, environment);
        m_choices.push_back({name, answer.file.profileOver(left, environment)});
        m_left->addItem(name);
        m_right->addItem(name);
    }
    m_right->setCurrentIndex(first);
    QString words = m_words->text();
    for (const TimingFileText::Problem &problem : answer.file.problems)
        words += u' ' + timingProblemText(problem);
    m_words->setText(words);
}

} // namespace pulsedeck
